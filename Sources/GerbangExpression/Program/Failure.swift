/// An error as a value: it travels through `&&`, `||`, `?:` and the macros, and costs little to make.
struct Failure: Error {
    /// What kind of error it is.
    enum Kind: UInt8, Sendable {
        case undeclaredName
        case undeclaredFunction
        case noSuchOverload
        case noSuchKey
        case duplicateKey
        case outOfRange
        case overflow
        case divisionByZero
        case invalidValue
        case unboundVariable
        case noValue
        case costLimit
        case sizeLimit
    }

    let kind: Kind
    /// What is wrong and what would be right.
    let text: StaticString
    /// The byte of the source where it happened; negative as long as nobody said so.
    var offset = -1
    /// The place of the defined variable whose definition failed; negative outside of definitions.
    private(set) var place: Int32 = -1

    init(_ kind: Kind, _ text: StaticString) {
        self.kind = kind
        self.text = text
    }

    /// The failure with its place, unless it has one already.
    func at(_ offset: Int) -> Failure {
        guard self.offset < 0 else { return self }
        var failure = self
        failure.offset = offset
        return failure
    }

    /// The failure of a definition, seen from where its variable is read.
    func inside(_ place: Int, at offset: Int) -> Failure {
        var failure = self
        if failure.place < 0 { failure.place = Int32(truncatingIfNeeded: place) }
        failure.offset = offset
        return failure
    }

    /// Whether no operator may absorb it: what is used up stays used up.
    var isFinal: Bool { kind == .costLimit || kind == .sizeLimit }

    /// No overload takes these values.
    static let noSuchOverload = Failure(
        .noSuchOverload,
        "no overload takes values of these types; convert them, or test them with type()"
    )
    static let notBool = Failure(.noSuchOverload, "a bool is needed here, and the value is of another type")
    static let noSuchKey = Failure(
        .noSuchKey,
        "the map has no such key; test for it with has() or 'in', or read it with '.?' or '[?]'"
    )
    static let costLimit = Failure(
        .costLimit,
        "the evaluation costs more than allowed; look at fewer or smaller values"
    )
    static let tooLarge = Failure(.sizeLimit, "a value becomes larger than allowed")
    static let tooDeep = Failure(.sizeLimit, "a value nests deeper than allowed")
    static let overflow = Failure(.overflow, "the result is outside the range of its type")
}

extension CELError {
    /// - Parameter variables: The names of variables by their places.
    init(_ failure: Failure, in source: String, variables: [String]) {
        let code: Code =
            switch failure.kind {
            case .undeclaredName: .undeclaredName
            case .undeclaredFunction: .undeclaredFunction
            case .noSuchOverload: .noSuchOverload
            case .noSuchKey: .noSuchKey
            case .duplicateKey: .duplicateKey
            case .outOfRange: .outOfRange
            case .overflow: .overflow
            case .divisionByZero: .divisionByZero
            case .invalidValue: .invalidValue
            case .unboundVariable: .unboundVariable
            case .noValue: .noValue
            case .costLimit: .costLimit
            case .sizeLimit: .sizeLimit
            }
        self.init(code, failure.text.description, at: failure.offset, in: source)
        let place = Int(failure.place)
        if variables.indices.contains(place) { definition = variables[place] }
    }
}
