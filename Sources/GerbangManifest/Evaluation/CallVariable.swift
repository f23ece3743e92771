internal import GerbangCore
internal import GerbangExpression
internal import HTTPTypes

/// A variable of manifests whose value belongs to one call.
enum CallVariable: String, Sendable, CaseIterable {
    // What is known of a request and its call.
    case input, attempt, now, reference, operation, repeatable
    case id = "request.id"
    case key = "request.key"
    case service = "request.service"
    case region = "request.region"
    case channel = "request.channel"
    case client = "request.client"
    case acceptedAt = "request.acceptedAt"
    case deadline = "request.deadline"
    case nik = "applicant.nik"
    case name = "applicant.name"

    // What is known of an answer besides.
    case status, headers, body, text
    case sentBody = "sent.body"
    case sentHeaders = "sent.headers"

    /// Those that are known before there is an answer, with their types.
    static let ofCall = types(allCases.filter { !$0.isOfAnswer })
    /// Those that an answer adds.
    static let ofAnswer = types(allCases.filter(\.isOfAnswer))

    private static func types(_ variables: [CallVariable]) -> [(key: String, value: CELType)] {
        variables.map { ($0.rawValue, $0.type) }
    }

    private var isOfAnswer: Bool {
        switch self {
        case .status, .headers, .body, .text, .sentBody, .sentHeaders: true
        default: false
        }
    }

    private var type: CELType {
        switch self {
        case .input, .body: .dyn
        case .attempt, .status: .int
        case .now, .acceptedAt, .deadline: .timestamp
        case .reference, .nik, .name: .optional(.string)
        case .repeatable: .bool
        case .headers, .sentHeaders: .map(.string, .string)
        case .sentBody: .bytes
        default: .string
        }
    }

    /// The value for a call; `nil` for what only an answer tells.
    func value(for call: AdapterCall) -> CELValue? {
        let request = call.request
        let submission = request.submission
        return switch self {
        case .input: CELValue(submission.payload)
        case .attempt: .int(Int64(call.attempt))
        case .now: Self.moment(call.now)
        case .reference: Self.optional(call.agencyReference)
        case .operation: .string(call.operation.id.text)
        case .repeatable: .bool(call.operation.effect.isRepeatable)
        case .id, .key: .string(call.key)
        case .service: .string(submission.service.text)
        case .region: .string(submission.region.digits)
        case .channel: .string(submission.channel.rawValue)
        case .client: .string(request.client.text)
        case .acceptedAt: Self.moment(request.acceptedAt)
        case .deadline: Self.moment(request.deadline)
        case .nik: Self.optional(submission.applicant.nik?.revealed)
        case .name: Self.optional(submission.applicant.name?.revealed)
        case .status, .headers, .body, .text, .sentBody, .sentHeaders: nil
        }
    }

    /// The value for an answer; `nil` for the decoded body, and for what the call tells.
    func value(for exchange: Exchange) -> CELValue? {
        let response = exchange.response
        return switch self {
        case .status: .int(Int64(response.status))
        case .headers: Self.map(response.headerFields)
        case .text: .string(String(decoding: response.body, as: UTF8.self))
        case .sentBody: .bytes(exchange.request.body)
        case .sentHeaders: Self.map(exchange.request.headerFields)
        default: nil
        }
    }

    private static func moment(_ moment: Timestamp) -> CELValue { .timestamp(CELTimestamp(moment) ?? .epoch) }

    private static func optional(_ text: String?) -> CELValue {
        .optional(text.map { CELOptional(.string($0)) } ?? .none)
    }

    private static func map(_ fields: HTTPFields) -> CELValue {
        .map(CELMap(fields.map { (.string($0.name.canonicalName), .string($0.value)) }))
    }
}

/// The values that the expressions of a message or of an answer read, and where they stand.
struct ValuePlan: Sendable {
    private let read: [(place: Int, variable: CallVariable)]
    /// Where the decoded answer stands.
    private let body: Int?
    /// Constants, and named values that depend on nothing else, as far as they are known.
    private var start: CELValues
    private let lets: [NamedValue]
    private let environment: CELEnvironment

    /// - Parameters:
    ///   - expressions: All that is evaluated with the values.
    ///   - scope: The variables, and the named values among them.
    init(_ expressions: [Expression], in scope: ExpressionScope) {
        let names = Set((expressions + scope.lets.map(\.expression)).flatMap(\.program.variableNames))
        let environment = scope.environment
        self.environment = environment
        read = CallVariable.allCases.compactMap { variable in
            guard names.contains(variable.rawValue), let place = environment.place(of: variable.rawValue) else {
                return nil
            }
            return (place, variable)
        }
        body = environment.place(of: CallVariable.body.rawValue)
        start = CELValues(count: environment.count, maximumCost: Evaluation.maximumCost)
        lets = scope.lets
    }

    /// Whether any of `expressions` reads one of the variables, itself or through named values.
    func reads(_ variables: [CallVariable], in expressions: [Expression]) -> Bool {
        let wanted = variables.map(\.rawValue)
        var pending = Set(expressions.flatMap(\.program.variableNames))
        // A named value reads only those before it.
        for item in lets.reversed() where pending.contains(item.name) {
            pending.formUnion(item.expression.program.variableNames)
        }
        return wanted.contains { pending.contains($0) }
    }

    /// Takes the constants of a connection.
    mutating func take(_ constants: Constants) {
        for (place, value) in constants.values { start[place] = value }
        // A named value that depends on constants alone is one; where it has no value, whoever reads it finds that out.
        var known = constants.names
        var evaluation = Evaluation(start)
        for item in lets where item.expression.program.variableNames.allSatisfy({ known.contains($0) }) {
            guard let value = try? evaluation.value(item.expression),
                let place = environment.place(of: item.name)
            else { continue }
            start[place] = value
            evaluation.bind(place, value)
            known.insert(item.name)
        }
    }

    /// The values for a call.
    func values(for call: AdapterCall) -> Evaluation {
        var evaluation = Evaluation(start)
        for (place, variable) in read {
            if let value = variable.value(for: call) { evaluation.bind(place, value) }
        }
        return evaluation
    }

    /// The values for a call's answer, without what only decoding tells.
    func values(for call: AdapterCall, _ exchange: Exchange) -> Evaluation {
        var evaluation = values(for: call)
        for (place, variable) in read {
            if let value = variable.value(for: exchange) { evaluation.bind(place, value) }
        }
        return evaluation
    }

    /// Gives the decoded answer.
    func bind(body value: CELValue, in evaluation: inout Evaluation) {
        if let body { evaluation.bind(body, value) }
    }
}

/// The settings of a connection and the manifest's tables: what is the same for every call.
struct Constants: Sendable {
    let values: [(place: Int, value: CELValue)]
    let names: Set<String>

    init(_ values: [String: CELValue], in scope: ExpressionScope) {
        self.values = values.compactMap { name, value in scope.environment.place(of: name).map { ($0, value) } }
        names = Set(values.keys)
    }

    /// For expressions that read nothing else.
    var evaluation: Evaluation {
        var start = CELValues(count: values.count, maximumCost: Evaluation.maximumCost)
        for (place, value) in values { start[place] = value }
        return Evaluation(start)
    }
}
