/// A step of a program.
///
/// Nodes are immutable, so any number of tasks may evaluate them at once.
protocol Node: AnyObject, Sendable {
    /// The value, or the failure that stands for it.
    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue
}

/// A value that is known.
final class ConstantNode: Node {
    let value: CELValue

    init(_ value: CELValue) {
        self.value = value
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue { value }
}

/// An error that is known, such as that of an undeclared name in an expression that nobody checked.
final class FailureNode: Node {
    let failure: Failure

    init(_ failure: Failure) {
        self.failure = failure
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue { throw failure }
}

/// A variable of the caller, and fields in fields of it.
final class PathNode: Node {
    let slot: Int
    let definition: Definition?
    let fields: [CELMap.Field]
    let offset: Int

    init(slot: Int, definition: Definition?, fields: [String], offset: Int) {
        self.slot = slot
        self.definition = definition
        self.fields = fields.map { CELMap.Field($0) }
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1 &+ fields.count)
        let value: CELValue
        if let bound = frame.variables[slot] { value = bound } else { value = try defined(&frame) }
        return fields.isEmpty ? value : try Selection.descend(fields, from: value, frame.limits, at: offset)
    }

    /// The value of a variable that nobody bound; it is kept for whoever reads it next.
    private func defined(_ frame: inout Frame) throws(Failure) -> CELValue {
        guard let definition else {
            throw Failure(.unboundVariable, "this variable has no value; bind one").at(offset)
        }
        let value: CELValue
        do throws(Failure) {
            value = try definition.evaluate(&frame)
        } catch {
            throw error.inside(definition.place, at: offset)
        }
        frame.variables[slot] = value
        return value
    }
}

/// A variable of a macro, and fields in fields of it.
final class LocalPathNode: Node {
    let slot: Int
    let fields: [CELMap.Field]
    let offset: Int

    init(slot: Int, fields: [String], offset: Int) {
        self.slot = slot
        self.fields = fields.map { CELMap.Field($0) }
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1 &+ fields.count)
        guard let value = frame.locals[slot] else {
            throw Failure(.unboundVariable, "this variable has no value; bind one").at(offset)
        }
        return fields.isEmpty ? value : try Selection.descend(fields, from: value, frame.limits, at: offset)
    }
}

/// What a variable stands for when nobody binds a value to it: another expression, evaluated when it is first needed.
final class Definition: Sendable {
    /// The variable's place.
    let place: Int
    private let root: any Node
    private let localCount: Int
    /// How many steps may wait for each other while it is evaluated, those of the definitions that it reads included.
    let depth: Int

    init(place: Int, root: any Node, localCount: Int, depth: Int) {
        self.place = place
        self.root = root
        self.localCount = localCount
        self.depth = depth
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        guard localCount > 0 else { return try root.evaluate(&frame) }
        // The macros around are in the middle of their work.
        var locals = [CELValue?](repeating: nil, count: localCount)
        swap(&locals, &frame.locals)
        defer { swap(&locals, &frame.locals) }
        return try root.evaluate(&frame)
    }
}

/// A chain of names that may begin with any of several variables: the first that is bound counts.
final class CandidatesNode: Node {
    let paths: [PathNode]

    init(_ paths: [PathNode]) {
        self.paths = paths
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        for path in paths.dropLast() where frame.variables[path.slot] != nil || path.definition != nil {
            return try path.evaluate(&frame)
        }
        guard let last = paths.last else { throw .noSuchKey }
        return try last.evaluate(&frame)
    }
}

/// `a.b`, `a.?b` and `has(a.b)` where `a` is more than a variable.
final class SelectNode: Node {
    let operand: any Node
    let field: CELMap.Field
    let form: Expression.Selection
    let offset: Int

    init(_ operand: any Node, field: String, form: Expression.Selection, offset: Int) {
        self.operand = operand
        self.field = CELMap.Field(field)
        self.form = form
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        let value = try operand.evaluate(&frame)
        switch form {
        case .plain: return try Selection.select(field, from: value, isOptional: false, frame.limits, at: offset)
        case .optional: return try Selection.select(field, from: value, isOptional: true, frame.limits, at: offset)
        case .test: return .bool(try Selection.has(field, in: value, at: offset))
        }
    }
}

/// The index `a[b]` or `a[?b]`.
final class IndexNode: Node {
    let operand: any Node
    let key: any Node
    let isOptional: Bool
    let offset: Int

    init(_ operand: any Node, _ key: any Node, isOptional: Bool, offset: Int) {
        self.operand = operand
        self.key = key
        self.isOptional = isOptional
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        let value = try operand.evaluate(&frame)
        let key = try key.evaluate(&frame)
        return try Selection.index(value, key, isOptional: isOptional, frame.limits, at: offset)
    }
}

/// A call of a function with one argument.
final class UnaryNode: Node {
    let function: Function.Unary
    let argument: any Node
    let offset: Int

    init(_ function: @escaping Function.Unary, _ argument: any Node, offset: Int) {
        self.function = function
        self.argument = argument
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        let value = try argument.evaluate(&frame)
        do throws(Failure) {
            return try function(value, &frame)
        } catch {
            throw error.at(offset)
        }
    }
}

/// A call of a function with two arguments, or an operator.
final class BinaryNode: Node {
    let function: Function.Binary
    let first: any Node
    let second: any Node
    let offset: Int

    init(_ function: @escaping Function.Binary, _ first: any Node, _ second: any Node, offset: Int) {
        self.function = function
        self.first = first
        self.second = second
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        let left = try first.evaluate(&frame)
        let right = try second.evaluate(&frame)
        do throws(Failure) {
            return try function(left, right, &frame)
        } catch {
            throw error.at(offset)
        }
    }
}

/// A call of a function with any number of arguments.
final class VariadicNode: Node {
    let function: Function.Variadic
    let arguments: [any Node]
    let offset: Int

    init(_ function: @escaping Function.Variadic, _ arguments: [any Node], offset: Int) {
        self.function = function
        self.arguments = arguments
        self.offset = offset
    }

    func evaluate(_ frame: inout Frame) throws(Failure) -> CELValue {
        try frame.charge(1)
        var values: [CELValue] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments { values.append(try argument.evaluate(&frame)) }
        do throws(Failure) {
            return try function(values, &frame)
        } catch {
            throw error.at(offset)
        }
    }
}
