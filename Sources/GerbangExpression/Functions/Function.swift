/// A function or an operator: the overloads that the checker knows, and what the evaluation runs for all of them.
struct Function: Sendable {
    typealias Unary = @Sendable (CELValue, inout Frame) throws(Failure) -> CELValue
    typealias Binary = @Sendable (CELValue, CELValue, inout Frame) throws(Failure) -> CELValue
    typealias Variadic = @Sendable ([CELValue], inout Frame) throws(Failure) -> CELValue

    enum Body: Sendable {
        case unary(Unary)
        case binary(Binary)
        /// Any number of arguments, also one or two.
        case variadic(Variadic)
    }

    let name: String
    /// Whether it is called on a value, which is its first argument.
    let isMember: Bool
    let feature: CELFeatures
    let signatures: [Signature]
    let body: Body
    /// The type of the result where signatures cannot say it; nil if the arguments do not fit.
    let check: (@Sendable ([TypeTerm]) -> TypeTerm?)?

    /// Whether it takes so many arguments, the value it is called on included.
    func takes(_ count: Int) -> Bool {
        check != nil || signatures.contains { $0.parameters.count == count }
    }

    /// A function of one argument.
    static func unary(
        _ name: String,
        _ feature: CELFeatures,
        member: Bool = false,
        _ signatures: [Signature],
        _ body: @escaping Unary
    ) -> Function {
        Function(
            name: name,
            isMember: member,
            feature: feature,
            signatures: signatures,
            body: .unary(body),
            check: nil
        )
    }

    /// A function of two arguments.
    static func binary(
        _ name: String,
        _ feature: CELFeatures,
        member: Bool = false,
        _ signatures: [Signature],
        _ body: @escaping Binary
    ) -> Function {
        Function(
            name: name,
            isMember: member,
            feature: feature,
            signatures: signatures,
            body: .binary(body),
            check: nil
        )
    }

    /// A function of another number of arguments, or of several.
    static func variadic(
        _ name: String,
        _ feature: CELFeatures,
        member: Bool = false,
        _ signatures: [Signature],
        check: (@Sendable ([TypeTerm]) -> TypeTerm?)? = nil,
        _ body: @escaping Variadic
    ) -> Function {
        Function(
            name: name,
            isMember: member,
            feature: feature,
            signatures: signatures,
            body: .variadic(body),
            check: check
        )
    }
}

/// The functions that an environment has.
struct FunctionTable: Sendable {
    private struct Key: Hashable {
        let name: String
        let isMember: Bool
    }

    private static let all: [Key: [Function]] = {
        let functions =
            Operators.functions + Conversions.functions + CoreStrings.functions + Times.functions
            + StringFunctions.functions
            + MathFunctions.functions + ListFunctions.functions + OptionalFunctions.functions
            + OptionalFunctions.alternatives + NetworkFunctions.functions
            + PatternFunctions.functions + GerbangFunctions.functions
        return Dictionary(grouping: functions) { Key(name: $0.name, isMember: $0.isMember) }
    }()

    let features: CELFeatures

    private func candidates(_ name: String, isMember: Bool) -> [Function] {
        (Self.all[Key(name: name, isMember: isMember)] ?? []).filter { features.isSuperset(of: $0.feature) }
    }

    /// The function that a call means, or those that have its name and take another number of arguments.
    ///
    /// What looks like a value with a member may be a namespace, as in `math.abs(x)`.
    func resolve(
        _ name: String,
        target: Expression?,
        count: Int,
        isAbsolute: Bool,
        names: Names
    ) -> (function: Function?, others: [Function]) {
        var others: [Function] = []
        var full: (name: String, isAbsolute: Bool)?
        if target == nil { full = (name, isAbsolute) }
        if let target, !target.isParenthesized, let chain = target.chain {
            full = ((chain.names + [name]).joined(separator: "."), chain.isAbsolute)
        }
        if let full {
            for candidate in names.functionNames(full.name, isAbsolute: full.isAbsolute) {
                let found = candidates(candidate, isMember: false)
                if let function = found.first(where: { $0.takes(count) }) { return (function, []) }
                others += found
            }
        }
        if target != nil {
            let found = candidates(name, isMember: true)
            if let function = found.first(where: { $0.takes(count + 1) }) { return (function, []) }
            others += found
        }
        return (nil, others)
    }

    /// Whether there is a function of this name that is called the other way.
    func hasOtherStyle(_ name: String, isMember: Bool) -> Bool {
        !candidates(name, isMember: !isMember).isEmpty
    }

    /// An operator by the name that the specification gives it.
    func `operator`(_ name: String) -> Function? {
        candidates(name, isMember: false).first
    }
}
