internal import GerbangExpression
internal import GerbangJSON
internal import Testing

/// The value of an expression.
func evaluate(
    _ source: String,
    _ bindings: [String: CELValue] = [:],
    container: String = "",
    isChecked: Bool = true,
    limits: CELLimits = .default
) throws(CELError) -> CELValue {
    let environment = CELEnvironment(variables: bindings.mapValues { _ in .dyn }, container: container)
    return try environment.compile(source, isChecked: isChecked).evaluate(bindings, limits: limits)
}

/// The code of the error that an expression ends with, found by the checker or the evaluation; nil if it has a value.
func errorCode(
    _ source: String,
    _ bindings: [String: CELValue] = [:],
    isChecked: Bool = true
) -> CELError.Code? {
    do throws(CELError) {
        _ = try evaluate(source, bindings, isChecked: isChecked)
        return nil
    } catch {
        return error.code
    }
}

/// Expects expressions to be true.
func expectTrue(
    _ sources: [String],
    _ bindings: [String: CELValue] = [:],
    isChecked: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    for source in sources {
        do throws(CELError) {
            let value = try evaluate(source, bindings, isChecked: isChecked)
            #expect(value == .bool(true), "\(source)", sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(source): \(error)", sourceLocation: sourceLocation)
        }
    }
}

/// Expects expressions to end with an error of a code.
func expectError(
    _ code: CELError.Code,
    _ sources: [String],
    isChecked: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    for source in sources {
        #expect(errorCode(source, isChecked: isChecked) == code, "\(source)", sourceLocation: sourceLocation)
    }
}
