/// What expressions can name: variables with their types, a container for names, and parts of the language.
///
/// ```swift
/// let environment = CELEnvironment(variables: ["request": .map(.string, .dyn)])
/// let program = try environment.compile("request.amount > 100")
/// let value = try program.evaluate(["request": ["amount": 250]])
/// ```
public struct CELEnvironment: Sendable {
    /// How much of an expression is taken.
    public struct SourceLimits: Sendable, Hashable {
        /// The longest source, in bytes.
        public var maximumLength: Int
        /// How deep its parts may nest.
        public var maximumDepth: Int

        /// Sets both limits, each with its default: 64 KiB and 160 levels; deeper than 256 cannot be asked for.
        public init(maximumLength: Int = 65_536, maximumDepth: Int = 160) {
            self.maximumLength = maximumLength
            self.maximumDepth = min(max(maximumDepth, 1), 256)
        }
    }

    /// What the expressions can use beyond the core of the language.
    public let features: CELFeatures
    /// How much of an expression is taken.
    public let sourceLimits: SourceLimits
    private var names: Names

    /// Creates an environment.
    ///
    /// - Parameters:
    ///   - variables: The variables by their names, which may have dots in them, with their types.
    ///   - container: The scope in which names are looked for first, such as `com.example`; empty for none.
    ///   - features: What the expressions can use beyond the core of the language.
    ///   - sourceLimits: How much of an expression is taken.
    public init(
        variables: [String: CELType] = [:],
        container: String = "",
        features: CELFeatures = .all,
        sourceLimits: SourceLimits = SourceLimits()
    ) {
        self.features = features
        self.sourceLimits = sourceLimits
        names = Names(variables: variables, container: container, features: features)
    }

    // MARK: Shared values

    /// How many variables there are.
    public var count: Int { names.variables.count }

    /// Where the value of a variable stands among ``CELValues``; nil if it is not declared.
    public func place(of variable: String) -> Int? { names.variable(variable)?.place }

    /// Adds a variable behind the others, whose places stay.
    public mutating func declare(_ name: String, _ type: CELType) {
        names.declare(name, type.term)
    }

    /// Adds a variable whose value is that of a program of ``compileShared(_:expecting:)``, evaluated when it is first
    /// read.
    ///
    /// - Throws: ``CELError/Code/tooComplex`` when definitions read each other too deeply.
    public mutating func define(_ name: String, as program: CELProgram) throws(CELError) {
        let definition = program.definition(at: names.variable(name)?.place ?? count)
        guard definition.depth <= Self.maximumDefinitionDepth else {
            throw CELError(
                code: .tooComplex,
                message: "the named values read each other too deeply; \(Self.maximumDefinitionDepth) steps are allowed"
            )
        }
        names.declare(name, program.type.term, definition)
    }

    /// Evaluation goes down one level of the stack for each step, through all definitions.
    private static let maximumDefinitionDepth = 1000

    /// Compiles an expression that is evaluated with ``CELValues``.
    ///
    /// - Throws: ``CELError`` with line and column.
    public func compileShared(_ source: String, expecting expected: CELType = .dyn) throws(CELError) -> CELProgram {
        try compile(source, expecting: expected, isChecked: true, sharesSlots: true)
    }

    // MARK: Compiling

    /// Compiles an expression.
    ///
    /// - Parameters:
    ///   - source: The expression.
    ///   - expected: The type that its value must have; `dyn` for any.
    ///   - isChecked: Whether names and types are checked first. Without it, names that do not exist and types that do not
    ///     fit are errors of the evaluation.
    /// - Throws: ``CELError`` with line and column.
    public func compile(
        _ source: String,
        expecting expected: CELType = .dyn,
        isChecked: Bool = true
    ) throws(CELError) -> CELProgram {
        try compile(source, expecting: expected, isChecked: isChecked, sharesSlots: false)
    }

    private func compile(
        _ source: String,
        expecting expected: CELType,
        isChecked: Bool,
        sharesSlots: Bool
    ) throws(CELError) -> CELProgram {
        do throws(SyntaxFailure) {
            guard source.utf8.count <= sourceLimits.maximumLength else {
                throw SyntaxFailure(
                    "the expression is longer than the \(sourceLimits.maximumLength) bytes allowed",
                    at: 0,
                    code: .tooComplex
                )
            }
            let tree = try Parser.parse(source, maximumDepth: sourceLimits.maximumDepth, features: features)
            let functions = FunctionTable(features: features)
            var type = CELType.dyn
            if isChecked {
                var checker = Checker(names: names, functions: functions)
                let found = try checker.check(tree)
                try checker.expect(expected.term, found, "the value must be of type \(expected)", at: 0)
                type = CELType(checker.inference.final(found))
            }
            var planner = Planner(names: names, functions: functions, isChecked: isChecked, sharesSlots: sharesSlots)
            let root = planner.plan(tree)
            return CELProgram(source: source, type: type, planner: planner, root: root, height: tree.height)
        } catch {
            throw CELError(error.code, error.message, at: error.offset, in: source)
        }
    }
}
