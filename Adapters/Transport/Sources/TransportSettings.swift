internal import GerbangCore
internal import GerbangXML

/// The settings of a connection, read strictly.
struct TransportSettings: Sendable {
    /// How long a booking may still turn up after a doubtful call, unless the settings say otherwise.
    static let defaultConclusiveAfter = Duration.seconds(60)

    let binding: TransportBinding
    let conclusiveAfter: Duration

    init(binding: TransportBinding, conclusiveAfter: Duration = defaultConclusiveAfter) {
        self.binding = binding
        self.conclusiveAfter = conclusiveAfter
    }

    /// Reads the settings; `nil` when a part is not usable, which the reader then knows.
    init?(reading reader: inout SettingsReader) {
        var binding = TransportBinding()
        let isXRoad = reader.choice("binding", [("xroad", true), ("plain", false)], default: true)
        binding.soapVersion = reader.choice("soapVersion", [("1.1", .v11), ("1.2", .v12)], default: .v11)
        binding.hasQualifiedChildren = reader.choice(
            "elementForm",
            [("qualified", true), ("unqualified", false)],
            default: true
        )
        let namespace = reader.optionalValue("namespace", Self.uri) ?? TransportBinding.defaultNamespace
        let version = reader.optionalValue("serviceVersion", Self.identifier)
        Self.readOperations(&reader, namespace: namespace, serviceVersion: version, into: &binding)
        Self.readNames(&reader, into: &binding)
        Self.readMeanings(&reader, into: &binding)
        if isXRoad {
            binding.xroad = XRoadBinding(reading: &reader)
            if binding.soapVersion != .v11 {
                reader.report("must be 1.1: the X-Road message protocol 4.0 knows no other", at: "soapVersion")
            }
        } else {
            for key in XRoadBinding.keys + ["serviceVersion"] where reader.has(key) {
                reader.report("belongs to the binding xroad, but the binding is plain", at: key)
                _ = reader.optionalJSON(key)
            }
        }
        conclusiveAfter = reader.duration("inquiryConclusiveAfter", default: Self.defaultConclusiveAfter)
        self.binding = binding
        guard reader.issues.isEmpty else { return nil }
    }

    private static func readOperations(
        _ reader: inout SettingsReader,
        namespace: String,
        serviceVersion: String?,
        into binding: inout TransportBinding
    ) {
        var wrappers: [TransportOperation: TransportBinding.Wrapper] = [:]
        for operation in TransportOperation.allCases {
            wrappers[operation] = TransportBinding.Wrapper(
                element: operation.defaultElement,
                namespace: namespace,
                serviceVersion: serviceVersion
            )
        }
        _ = reader.object("operations") { reader in
            for operation in TransportOperation.allCases {
                wrappers[operation] =
                    reader.object(operation.rawValue) { reader in
                        TransportBinding.Wrapper(
                            element: reader.optionalValue("element", elementName) ?? operation.defaultElement,
                            response: reader.optionalValue("response", elementName),
                            namespace: reader.optionalValue("namespace", uri) ?? namespace,
                            soapAction: reader.optionalValue("soapAction", uri) ?? "",
                            serviceVersion: reader.optionalValue("serviceVersion", identifier) ?? serviceVersion
                        )
                    } ?? wrappers[operation]
            }
            return true
        }
        binding.operations = wrappers
    }

    private static func readNames(_ reader: inout SettingsReader, into binding: inout TransportBinding) {
        binding.names =
            reader.object("elements") { reader in
                var names: [TransportBinding.Field: String] = [:]
                for field in TransportBinding.Field.allCases {
                    names[field] = reader.optionalValue(field.rawValue, elementName)
                }
                return names
            } ?? [:]
    }

    /// A meaning that has codes of its own in the settings loses its default ones.
    private static func readMeanings(_ reader: inout SettingsReader, into binding: inout TransportBinding) {
        var meanings = binding.meanings
        _ = reader.object("errorCodes") { reader in
            for meaning in BusinessMeaning.allCases {
                guard let codes = reader.texts(meaning.rawValue, { text throws(GerbangError) in text }) else {
                    continue
                }
                meanings = meanings.filter { $0.value != meaning }
                for code in codes {
                    if let other = meanings.updateValue(meaning, forKey: code), other != meaning {
                        reader.report("has a code that stands for \(other.rawValue) too", at: meaning.rawValue)
                    }
                }
            }
            return true
        }
        binding.meanings = meanings
    }

    private static func elementName(_ text: String) throws(GerbangError) -> String {
        var probe = XMLWriter(declaration: false)
        guard !text.contains(":"), (try? probe.element(text, text: "")) != nil else {
            throw GerbangError(.invalidConfiguration, "must be the name of an XML element, without a prefix")
        }
        return text
    }

    private static func uri(_ text: String) throws(GerbangError) -> String {
        guard !text.isEmpty, (try? SOAPVersion.v11.httpFields(action: text)) != nil else {
            throw GerbangError(.invalidConfiguration, "must be a URI: no spaces, quotes or characters outside ASCII")
        }
        return text
    }

    fileprivate static func identifier(_ text: String) throws(GerbangError) -> String {
        let allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+,-.=?"
        guard !text.isEmpty, text.allSatisfy({ allowed.contains($0) }) else {
            throw GerbangError(.invalidConfiguration, "must be an X-Road code: letters, digits and '()+,-.=? only")
        }
        return text
    }
}

extension XRoadBinding {
    /// The settings that this binding reads.
    fileprivate static let keys = ["client", "provider", "protocolVersion", "userId", "requireRequestHash"]

    fileprivate init?(reading reader: inout SettingsReader) {
        let client = reader.object("client") { XRoadSubsystem(reading: &$0) }
        let provider = reader.object("provider") { XRoadSubsystem(reading: &$0) }
        for key in ["client", "provider"] where !reader.has(key) {
            reader.report("is required: {instance, memberClass, memberCode, subsystemCode}", at: key)
        }
        let protocolVersion = reader.choice("protocolVersion", [("4.0", "4.0")], default: "4.0")
        let userID = reader.optionalString("userId")
        let requiresRequestHash = reader.bool("requireRequestHash", default: true)
        guard let client, let provider else { return nil }
        self.init(client: client, provider: provider)
        self.protocolVersion = protocolVersion
        self.userID = userID
        self.requiresRequestHash = requiresRequestHash
    }
}

extension XRoadSubsystem {
    fileprivate init?(reading reader: inout SettingsReader) {
        let instance = reader.value("instance", TransportSettings.identifier)
        let memberClass = reader.value("memberClass", TransportSettings.identifier)
        let memberCode = reader.value("memberCode", TransportSettings.identifier)
        let subsystemCode = reader.optionalValue("subsystemCode", TransportSettings.identifier)
        guard let instance, let memberClass, let memberCode else { return nil }
        self.init(instance: instance, memberClass: memberClass, memberCode: memberCode, subsystemCode: subsystemCode)
    }
}
