internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP

/// Reads the services that a manifest brings along: each as an object in the catalogue's form, or as the name of a file
/// beside the manifest that holds one.
struct ServiceReader {
    let compilation: Compilation

    func read(_ reader: inout SettingsReader) -> [Service] {
        guard let value = reader.optionalJSON("services"), !value.isNull else { return [] }
        guard let items = value.arrayValue else {
            reader.report("must be a list of services, or of the files that describe them", at: "services")
            return []
        }
        var services: [Service] = []
        for (index, item) in items.enumerated() {
            let place = JSONPointer.root.appending("services").appending(index)
            guard let service = service(item, at: place) else { continue }
            if services.contains(where: { $0.id == service.id }) {
                compilation.report("describes the service \(service.id) a second time", at: place)
            }
            services.append(service)
        }
        return services
    }

    private func service(_ value: JSONValue, at pointer: JSONPointer) -> Service? {
        var value = value
        if let file = value.stringValue {
            guard let read = contents(of: file, at: pointer) else { return nil }
            value = read
        }
        do throws(GerbangError) {
            let service = try Service(json: value)
            for (name, schema) in [("input", service.input), ("output", service.output)] {
                if let problem = InputCheck.problem(with: schema) {
                    compilation.report("\(name) is not a JSON Schema: \(problem)", at: pointer)
                    return nil
                }
            }
            return service
        } catch {
            compilation.report(error.message, at: pointer)
            return nil
        }
    }

    private func contents(of file: String, at pointer: JSONPointer) -> JSONValue? {
        var bytes: [UInt8]?
        do throws(SOAPError) {
            bytes = try compilation.files.bytes(file)
        } catch {
            compilation.report("cannot be read: \(error.message)", at: pointer)
            return nil
        }
        guard let bytes else {
            compilation.report("there is no such file beside the manifest", at: pointer)
            return nil
        }
        compilation.serviceFiles.insert(file)
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            compilation.report("is not JSON: line \(error.line), column \(error.column): \(error.message)", at: pointer)
            return nil
        }
    }
}
