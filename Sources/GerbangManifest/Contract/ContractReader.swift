internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangYAML

/// Reads which operation of a description an operation of the manifest speaks by.
struct ContractReader {
    let compilation: Compilation
    /// What all operations share, which stands beside them.
    let shared: JSONObject

    /// Checks the part that all operations share.
    static func check(_ reader: inout SettingsReader) -> Bool {
        for key in ["file", "service", "port"] { _ = reader.optionalString(key) }
        _ = reader.bool("validatesAnswers", default: true)
        _ = packaging(&reader)
        _ = addressing(&reader)
        _ = documents(&reader)
        return true
    }

    /// Reads the `wsdl` of an operation; nil where there is none, and after an issue was reported.
    func read(_ reader: inout SettingsReader) -> Contract? {
        guard reader.has("wsdl") else {
            _ = reader.optionalJSON("wsdl")
            return nil
        }
        let contract = reader.object("wsdl", contract)
        if contract == nil { compilation.hasBrokenContract = true }
        return contract
    }

    private func contract(_ reader: inout SettingsReader) -> Contract? {
        let place = reader.pointer
        let file = reader.optionalString("file") ?? shared["file"]?.stringValue
        let service = reader.optionalString("service") ?? shared["service"]?.stringValue
        let port = reader.optionalString("port") ?? shared["port"]?.stringValue
        let name = reader.string("operation")
        let overload = reader.int("overload", in: 1...1000, default: 1)
        let validates = reader.bool(
            "validatesAnswers",
            default: shared["validatesAnswers"] != .bool(false)
        )
        let packaging = Self.packaging(&reader) ?? Self.packagings[shared["attachments"]?.stringValue ?? ""]
        let addressing = Self.addressing(&reader) ?? Self.addressings[shared["addressing"]?.stringValue ?? ""]
        let documents = Self.documents(&reader) ?? Self.documentForms[shared["documents"]?.stringValue ?? ""]
        guard let file else {
            reader.report("is required: the description's file, beside the manifest", at: "file")
            return nil
        }
        guard let name, let wsdl = compilation.description(file, at: place.appending("file")) else { return nil }
        do throws(SOAPError) {
            let operation = try wsdl.operation(name, port: port, service: service, overload: overload)
            guard operation.input != nil else {
                reader.report("is an operation in which the service speaks first", at: "operation")
                return nil
            }
            // A SOAP action that no header field can carry is a mistake of the description.
            _ = try operation.httpFields()
            return Contract(
                operation: operation.reading(documents: documents ?? .json),
                validatesAnswers: validates,
                packaging: packaging ?? .automatic,
                addressing: addressing ?? .whenDescribed
            )
        } catch {
            reader.report(error.message, at: "operation")
            return nil
        }
    }
}

extension ContractReader {
    private static let packagings: [String: SOAPPackaging] = [
        "described": .automatic, "inline": .inline, "mtom": .mtom(),
    ]
    private static let addressings: [String: SOAPAddressing.Use] = [
        "described": .whenDescribed, "always": .always, "never": .never,
    ]

    private static let documentForms: [String: SOAPDocuments] = ["json": .json, "xml": .xml]

    private static func documents(_ reader: inout SettingsReader) -> SOAPDocuments? {
        choice("documents", of: documentForms, &reader)
    }

    private static func packaging(_ reader: inout SettingsReader) -> SOAPPackaging? {
        choice("attachments", of: packagings, &reader)
    }

    private static func addressing(_ reader: inout SettingsReader) -> SOAPAddressing.Use? {
        choice("addressing", of: addressings, &reader)
    }

    private static func choice<Value>(
        _ key: String,
        of values: [String: Value],
        _ reader: inout SettingsReader
    ) -> Value? {
        guard let word = reader.optionalString(key) else { return nil }
        if values[word] == nil {
            reader.report("must be one of: \(values.keys.sorted().joined(separator: ", "))", at: key)
        }
        return values[word]
    }
}

extension Compilation {
    /// Reports that a contract is spoken of where there is none.
    func reportMissingContract(at pointer: JSONPointer) {
        guard !hasBrokenContract else { return }
        report("needs 'wsdl' in the operation, which names the contract", at: pointer)
    }

    /// The files beside the manifest that were read.
    var filesRead: [String] {
        let parts = descriptions.values.compactMap { try? $0.get() }.flatMap(\.files)
        return serviceFiles.union(parts).sorted()
    }

    /// The description in a file beside the manifest, loaded once; nil after an issue was reported.
    func description(_ file: String, at pointer: JSONPointer) -> WSDL? {
        let outcome: Result<WSDL, SOAPError>
        if let known = descriptions[file] {
            outcome = known
        } else {
            do throws(SOAPError) {
                outcome = .success(try files.description(file))
            } catch {
                outcome = .failure(error)
            }
            descriptions[file] = outcome
        }
        switch outcome {
        case .success(let wsdl): return wsdl
        case .failure(let error):
            let place = error.place
            report(
                "cannot be used: \(place.isEmpty ? "" : "\(place): ")\(error.message)",
                at: document.place(of: pointer) == nil ? JSONPointer(tokens: pointer.tokens.dropLast()) : pointer
            )
            return nil
        }
    }
}
