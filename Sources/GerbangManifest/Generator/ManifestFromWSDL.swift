public import GerbangCore
internal import GerbangJSON
public import GerbangSOAP

/// Writes a manifest for the operations of a description (WSDL): it works as it is, and says what an operator has to
/// decide.
public struct ManifestFromWSDL: Sendable {
    /// What can be chosen.
    public struct Options: Sendable {
        /// The adapter's name; made from the service's name unless given.
        public var id: AdapterID?
        /// The agency's name.
        public var agency: LocalizedText?
        /// The operations to write, by their names in the description; all unless given.
        public var operations: [String] = []
        /// The operations that change nothing at the agency, by their names in the description.
        public var queries: [String] = []
        /// The port to use; every port unless given.
        public var port: String?
        /// The service to use; every service unless given.
        public var service: String?
        /// Whether binary content travels beside the envelope (MTOM), also where the description does not ask for it.
        public var usesMTOM = false

        /// The defaults: everything, and nothing is a query.
        public init() {}
    }

    /// A file of the adapter's folder.
    public struct File: Sendable, Hashable {
        /// Its path in the folder.
        public var path: String
        /// Its text.
        public var text: String
    }

    /// The adapter's name.
    public let id: AdapterID
    /// The manifest, and the services that it brings along.
    public let files: [File]
    /// The description's own files, which belong into the folder as they are.
    public let descriptions: [String]
    /// What an operator should know, a sentence each.
    public let remarks: [String]

    /// Makes the files.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` where the description has no operation that can be called, or none of a
    ///   name that was given.
    public init(_ wsdl: WSDL, options: Options = Options()) throws(GerbangError) {
        var remarks: [String] = []
        let offered = wsdl.services.filter { options.service == nil || $0.name == options.service }.flatMap(\.ports)
            .filter { options.port == nil || $0.name == options.port }.flatMap(\.operations)
        let known = Set(offered.map(\.name))
        for name in options.operations + options.queries where !known.contains(name) {
            let names = known.sorted().joined(separator: ", ")
            throw GerbangError(.invalidInput, "the description has no operation '\(name)' here; there are: \(names)")
        }
        var chosen: [SOAPOperation] = []
        for operation in offered where options.operations.isEmpty || options.operations.contains(operation.name) {
            if operation.input == nil {
                remarks.append("\(operation.name) is left out: the service speaks first")
            } else if (try? operation.httpFields()) == nil {
                remarks.append("\(operation.name) is left out: its SOAP action is no URI")
            } else {
                chosen.append(operation)
            }
        }
        guard !chosen.isEmpty else {
            throw GerbangError(.invalidInput, "the description has no SOAP operation that can be called")
        }
        id = options.id ?? Self.identifier(wsdl)
        var names = OperationNames()
        var operations: [DescribedOperation] = []
        var overloads: [[String]: Int] = [:]
        for operation in chosen {
            let name = names.name(of: operation)
            overloads[[operation.service, operation.port, operation.name], default: 0] += 1
            operations.append(
                DescribedOperation(
                    operation,
                    name: name,
                    overload: overloads[[operation.service, operation.port, operation.name]] ?? 1,
                    service: "\(id.text.prefix(38)).\(name)",
                    isQuery: options.queries.contains(operation.name),
                    &remarks
                )
            )
        }
        let agency = options.agency ?? Self.agency(chosen[0], id)
        let writer = ManifestText(
            file: wsdl.file,
            id: id,
            agency: agency,
            usesMTOM: options.usesMTOM,
            operations: operations
        )
        files =
            [File(path: "adapter.yaml", text: writer.text)]
            + operations.map { File(path: $0.servicePath, text: $0.serviceText) }
        descriptions = wsdl.files
        self.remarks = remarks + wsdl.warnings
    }

    private static func identifier(_ wsdl: WSDL) -> AdapterID {
        let file = wsdl.file.split(separator: "/").last.map { String($0) } ?? ""
        let candidates = [wsdl.services.first { !$0.name.isEmpty }?.name ?? "", file, "service"]
        let text = candidates.map { OperationNames.kebab($0) }.first { !$0.isEmpty } ?? "service"
        return AdapterID(checked: String(text.prefix(40)))
    }

    private static func agency(_ operation: SOAPOperation, _ id: AdapterID) -> LocalizedText {
        let name = operation.service.isEmpty ? id.text : operation.service
        return LocalizedText(id: name, en: name)
    }
}

/// Names for operations of manifests, each once.
struct OperationNames {
    private var taken: Set<String> = []

    /// The name of an operation; with its port, or a number behind, where another port has it already.
    mutating func name(of operation: SOAPOperation) -> String {
        let base = String(Self.kebab(operation.name).prefix(48))
        let plain = base.isEmpty ? "call" : base
        var candidate = plain
        if taken.contains(candidate) { candidate = String("\(plain)-\(Self.kebab(operation.port))".prefix(56)) }
        var number = 2
        while taken.contains(candidate) {
            candidate = "\(plain)-\(number)"
            number += 1
        }
        taken.insert(candidate)
        return candidate
    }

    /// `getVehicleByVIN` as `get-vehicle-by-vin`.
    static func kebab(_ text: String) -> String {
        var result = ""
        var previous: Unicode.Scalar?
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let isUpper = ("A"..."Z").contains(scalar)
            let isPlain = isUpper || ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            guard isPlain else {
                if !result.isEmpty, !result.hasSuffix("-") { result += "-" }
                previous = nil
                continue
            }
            if isUpper, let previous {
                let next = index + 1 < scalars.count ? scalars[index + 1] : nil
                let startsWord =
                    !("A"..."Z").contains(previous) || next.map { ("a"..."z").contains($0) } ?? false
                if startsWord, !result.hasSuffix("-") { result += "-" }
            }
            result += String(scalar).lowercased()
            previous = scalar
        }
        while result.hasSuffix("-") { result.removeLast() }
        return result
    }
}
