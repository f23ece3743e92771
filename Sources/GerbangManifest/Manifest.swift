public import GerbangCore
internal import GerbangExpression
public import GerbangJSON

/// An adapter that is data: everything that Gerbang has to know of an agency's interface, read from `adapter.yaml`.
///
/// It is checked as a whole when it is read; ``definition`` makes of it what a Swift module exports, so that the engine
/// and the configuration see no difference.
public struct Manifest: Sendable {
    /// How well the adapter is known to work.
    public enum Support: String, Sendable, Hashable, CaseIterable {
        /// Maintained with the agency.
        case official
        /// Used in production by somebody.
        case verified
        /// Written from documents or other clients, not yet proven.
        case community
        /// An attempt.
        case experimental
    }

    /// A check of the conformance suite that the adapter does not pass, for a reason.
    public struct Deviation: Sendable, Hashable {
        /// The check's name.
        public var check: String
        /// The operation; `nil` for all.
        public var operation: OperationID?
        /// Why it is right.
        public var reason: String
    }

    /// What the adapter says of itself, with the default settings.
    public let descriptor: AdapterDescriptor
    /// What it is for.
    public let summary: LocalizedText?
    /// How well it is known to work.
    public let support: Support
    /// Who answers for it: an address or a page.
    public let contact: String?
    /// The JSON Schema of a connection's settings.
    public let settings: JSONValue
    /// What is allowed but probably not meant.
    public let warnings: [ManifestIssue]
    /// The settings that the examples share.
    public let fixtureSettings: JSONObject
    /// The examples that are its tests.
    public let fixtures: [Fixture]
    /// What it does otherwise than the conformance suite demands, and why that is right.
    public let deviations: [Deviation]

    let settingsPlan: SettingsPlan
    /// The variables that settings and tables are.
    let constantScope: ExpressionScope
    let operations: [OperationPlan]
    let details: [OperationID: OperationDetails]
    let tables: [String: JSONValue]
    /// The services that it brings along.
    public let services: [Service]
    /// The files beside it that it consists of, from its folder; none where it brings them along in itself.
    public let files: [String]
    /// How the messages prove who sends them.
    let authentication: Template?
    /// The kinds of schemes of ``authentication``.
    let proofs: [String]
    /// The hosts that the authentication and the defaults of settings name; messages go to the connection's base URL.
    let hosts: [String]
    /// How long after a doubtful call each operation's inquiry is reliable; it may be a setting.
    let conclusiveAfter: [OperationID: Template]

    /// Reads a manifest from text.
    ///
    /// - Parameters:
    ///   - text: The manifest.
    ///   - file: The name used in issues.
    ///   - files: What lies beside it, by relative path; when it is not given, the files in the folder of `file`. What it
    ///     brings along in itself comes before either.
    ///   - catalogue: The services that there are besides its own, for warnings about what they do not have.
    /// - Throws: ``ManifestError`` with everything that is wrong.
    public static func parse(
        _ text: String,
        file: String,
        files: [String: [UInt8]]? = nil,
        catalogue: ServiceCatalogue? = nil
    ) throws(ManifestError) -> Manifest {
        try ManifestReader.read(
            text,
            file: file,
            files: files.map { ManifestFiles($0) } ?? ManifestFiles(beside: file),
            catalogue: catalogue
        )
    }

    /// The places in the input of `operation` that hold personal data.
    public func sensitivePlaces(of operation: OperationID) -> [JSONPointer] { details[operation]?.sensitive ?? [] }

    /// What a registry needs to make the adapter from the settings of a connection.
    public var definition: AdapterDefinition {
        AdapterDefinition(descriptor: descriptor, services: services) { reader in
            adapter(&reader)
        }
    }

    private func adapter(_ reader: inout SettingsReader) -> ManifestAdapter? {
        guard let settings = settingsPlan.read(&reader) else { return nil }
        var values = settings
        for (name, table) in tables { values["tables.\(name)"] = CELConstant.value(table) }
        let constants = Constants(values, in: constantScope)
        var descriptor = descriptor
        var plans: [OperationID: OperationPlan] = [:]
        for (index, plan) in operations.enumerated() {
            var plan = plan
            plan.request.values.take(constants)
            plan.response.values.take(constants)
            if let template = conclusiveAfter[plan.descriptor.id] {
                var evaluation = constants.evaluation
                do throws(EvaluationFailure) {
                    let delay = try WaitPlan.duration(template, &evaluation)
                    plan.descriptor.inquiry?.conclusiveAfter = delay
                    descriptor.operations[index].inquiry?.conclusiveAfter = delay
                } catch {
                    reader.report("do not say how long an inquiry is inconclusive: \(error.message)")
                    return nil
                }
            }
            if var key = details[plan.descriptor.id]?.orderingKey {
                key.values.take(constants)
                let rule = OrderingRule(key)
                plan.descriptor.orderingKey = rule
                descriptor.operations[index].orderingKey = rule
            }
            plans[plan.descriptor.id] = plan
        }
        var proof: Sensitive<JSONValue>?
        var evaluation = constants.evaluation
        do throws(EvaluationFailure) {
            proof = try authentication?.json(&evaluation).map { Sensitive($0) }
        } catch {
            reader.report("do not say how messages are authenticated: \(error.message)")
            return nil
        }
        return ManifestAdapter(
            descriptor: descriptor,
            authentication: proof,
            operations: plans
        )
    }
}

/// What a manifest says of an operation beyond its descriptor.
struct OperationDetails: Sendable {
    var title: LocalizedText?
    /// Places in the input that hold personal data.
    var sensitive: [JSONPointer] = []
    /// Requests with the same key are sent one after the other.
    var orderingKey: OrderingKeyPlan?
    var callsPerSecond: Double?
    var concurrency: Int?
    var callsPerDay: Int?
}

/// How the case is found that a request belongs to.
struct OrderingKeyPlan: Sendable {
    let expression: Expression
    var values: ValuePlan
}

extension OrderingRule {
    /// The rule that an expression is, with the settings of one connection.
    fileprivate init(_ key: OrderingKeyPlan) {
        self.init(key.expression.program.source) { call throws(GerbangError) in
            var evaluation = key.values.values(for: call)
            do throws(EvaluationFailure) {
                guard let value = try evaluation.present(key.expression) else { return nil }
                return try CELText.text(of: value, field: key.expression.field)
            } catch {
                throw GerbangError(.invalidInput, "the case that this belongs to cannot be found: \(error.message)")
            }
        }
    }
}
