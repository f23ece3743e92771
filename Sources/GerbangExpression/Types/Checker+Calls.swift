extension Checker {
    mutating func checkCall(
        _ name: String,
        _ target: Expression?,
        _ arguments: [Expression],
        isAbsolute: Bool,
        at offset: Int
    ) throws(SyntaxFailure) -> TypeTerm {
        let call = functions.resolve(name, target: target, count: arguments.count, isAbsolute: isAbsolute, names: names)
        guard let function = call.function else {
            throw undeclared(name, target, call.others, arguments.count, at: offset)
        }
        var types: [TypeTerm] = []
        if let target, function.isMember { types.append(try check(target)) }
        for argument in arguments { types.append(try check(argument)) }
        if let check = function.check {
            guard let result = check(types.map { inference.final($0) }) else {
                throw noOverload(function, types, at: offset)
            }
            return result
        }
        return try resolveOverload(of: function, types, at: offset)
    }

    private mutating func resolveOverload(
        of function: Function,
        _ types: [TypeTerm],
        at offset: Int
    ) throws(SyntaxFailure) -> TypeTerm {
        var matches: [Signature] = []
        var results: [TypeTerm] = []
        for signature in function.signatures where signature.parameters.count == types.count {
            // Nothing is bound before it is known that no other overload matches.
            _ = inference.attempt { inference in
                let instance = inference.instantiate(signature)
                guard zip(types, instance.parameters).allSatisfy({ inference.assign($0, to: $1) }) else { return false }
                matches.append(signature)
                results.append(inference.final(instance.result))
                return false
            }
            // Without dyn among the arguments the first match is the only one.
            if !matches.isEmpty, types.allSatisfy({ isConcrete($0) }) { break }
        }
        guard let match = matches.first, let result = results.first else {
            throw noOverload(function, types, at: offset)
        }
        guard matches.count == 1 else { return results.allSatisfy { $0 == result } ? result : .dyn }
        let instance = inference.instantiate(match)
        for (type, parameter) in zip(types, instance.parameters) { _ = inference.assign(type, to: parameter) }
        return inference.resolve(instance.result)
    }

    private func isConcrete(_ type: TypeTerm) -> Bool {
        switch inference.head(type) {
        case .dyn, .variable: false
        default: true
        }
    }

    private func undeclared(
        _ name: String,
        _ target: Expression?,
        _ others: [Function],
        _ count: Int,
        at offset: Int
    ) -> SyntaxFailure {
        let message: String
        if let other = others.first {
            let counts = Set(others.flatMap(\.signatures).map { $0.parameters.count - (other.isMember ? 1 : 0) })
                .sorted()
            let list = counts.map { String($0) }.joined(separator: " or ")
            message = "the function '\(name)' takes \(list) arguments, not \(count)"
        } else if functions.hasOtherStyle(name, isMember: target != nil) {
            message =
                target == nil
                ? "the function '\(name)' is called on a value, as in x.\(name)(…)"
                : "the function '\(name)' is called with its value in parentheses, as in \(name)(x)"
        } else {
            message = "there is no function '\(name)'"
        }
        return SyntaxFailure(message, at: offset, code: .undeclaredFunction)
    }

    private func noOverload(_ function: Function, _ types: [TypeTerm], at offset: Int) -> SyntaxFailure {
        let given = types.map { inference.final($0).description }
        let known = function.signatures.prefix(4).map { Self.form(function, $0.parameters.map(\.description)) }
        let more = function.signatures.count > 4 ? ", …" : ""
        return wrongType(
            "\(Self.form(function, given)) does not exist; there is \(known.joined(separator: ", "))\(more)",
            at: offset
        )
    }

    /// A call as it is written, with types in the place of values.
    private static func form(_ function: Function, _ types: [String]) -> String {
        let name = function.name
        if name.hasPrefix("_"), types.count == 2 { return "\(types[0]) \(name.dropFirst().dropLast()) \(types[1])" }
        if name.hasSuffix("_"), types.count == 1 { return "\(name.dropLast())\(types[0])" }
        guard function.isMember, let target = types.first else { return "\(name)(\(types.joined(separator: ", ")))" }
        return "\(target).\(name)(\(types.dropFirst().joined(separator: ", ")))"
    }
}
