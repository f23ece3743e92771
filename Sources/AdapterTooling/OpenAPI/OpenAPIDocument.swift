internal import GerbangCore
internal import GerbangJSON
internal import GerbangYAML

/// Something of a document that was not translated, and why.
public struct ImportNote: Sendable, Hashable, CustomStringConvertible {
    /// The place in the document, as a JSON pointer.
    public var place: String
    /// What is not translated, why, and what to do about it.
    public var reason: String

    /// `place: reason`.
    public var description: String { "\(place): \(reason)" }
}

/// An OpenAPI document of version 3.0 or 3.1.
struct OpenAPIDocument {
    /// An operation of the document.
    struct Operation {
        /// `get`, `post` and so on.
        let method: String
        let path: String
        let pointer: JSONPointer
        let value: JSONValue
        /// The parameters of the path and of the operation; the latter go first.
        let parameters: [(JSONPointer, JSONValue)]

        /// The operation's name in the document.
        var operationID: String? { value["operationId"]?.stringValue }

        /// The name in the manifest: small letters, digits and hyphens.
        var name: String {
            Self.slug(operationID ?? "\(method) \(path)")
        }

        /// `getVehicle` becomes `get-vehicle`.
        static func slug(_ text: String) -> String {
            var slug = ""
            var wasLower = false
            for character in text {
                guard character.isASCII, character.isLetter || character.isNumber else {
                    if !slug.isEmpty, slug.last != "-" { slug.append("-") }
                    wasLower = false
                    continue
                }
                if character.isUppercase, wasLower { slug.append("-") }
                slug += character.lowercased()
                wasLower = character.isLowercase || character.isNumber
            }
            while slug.last == "-" { slug.removeLast() }
            return slug.isEmpty ? "operation" : slug
        }
    }

    static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    let root: JSONValue
    /// Whether the document's schemas are those of version 3.0.
    let isVersion30: Bool

    init(_ text: String) throws(GerbangError) {
        let document: YAMLDocument
        do throws(YAMLDocument.Malformed) {
            document = try YAMLDocument(text)
        } catch {
            let place = error.line.map { " at line \($0)" } ?? ""
            throw GerbangError(.malformedRequest, "the document is neither YAML nor JSON\(place): \(error.message)")
        }
        root = document.value
        let version = root["openapi"]?.stringValue ?? root["openapi"]?.numberValue?.text ?? ""
        guard version.hasPrefix("3.0") || version.hasPrefix("3.1") else {
            let found = root["swagger"] != nil ? "Swagger 2.0" : version.isEmpty ? "none" : version
            throw GerbangError(
                .malformedRequest,
                "the document must say 'openapi: 3.0.x' or '3.1.x'; found: \(found)"
            )
        }
        isVersion30 = version.hasPrefix("3.0")
        guard root["paths"]?.objectValue != nil else {
            throw GerbangError(.malformedRequest, "the document has no 'paths'")
        }
    }

    var title: String { root["info"]?["title"]?.stringValue ?? "Agency" }

    /// The first server's address, its variables replaced by their defaults.
    var server: String? {
        guard let server = root["servers"]?[0], var url = server["url"]?.stringValue else { return nil }
        for (name, variable) in server["variables"]?.objectValue ?? [:] {
            url = url.replacing("{\(name)}", with: variable["default"]?.stringValue ?? "")
        }
        return url
    }

    var operations: [Operation] {
        (root["paths"]?.objectValue ?? [:]).flatMap { path, item -> [Operation] in
            let place = JSONPointer(tokens: ["paths", path])
            let (item, itemPlace) = resolved(item, at: place)
            let shared = parameters(of: item, at: itemPlace)
            return Self.methods.compactMap { method in
                guard let value = item[method], value.objectValue != nil else { return nil }
                let pointer = itemPlace.appending(method)
                let own = parameters(of: value, at: pointer)
                let names = Set(own.map { Self.key(of: $0.1) })
                return Operation(
                    method: method,
                    path: path,
                    pointer: pointer,
                    value: value,
                    parameters: own + shared.filter { !names.contains(Self.key(of: $0.1)) }
                )
            }
        }
    }

    private func parameters(of value: JSONValue, at pointer: JSONPointer) -> [(JSONPointer, JSONValue)] {
        (value["parameters"]?.arrayValue ?? []).enumerated().map { index, item in
            let place = pointer.appending("parameters").appending(index)
            let found = resolved(item, at: place)
            return (found.place, found.value)
        }
    }

    private static func key(of parameter: JSONValue) -> String {
        "\(parameter["in"]?.stringValue ?? "") \(parameter["name"]?.stringValue ?? "")"
    }

    /// What a reference points at, through at most ten of them; anything else as it is.
    func resolved(_ value: JSONValue, at place: JSONPointer) -> (value: JSONValue, place: JSONPointer) {
        var (value, place) = (value, place)
        for _ in 0..<10 {
            guard let reference = value["$ref"]?.stringValue, let target = Self.pointer(reference),
                let next = root[target]
            else { return (value, place) }
            (value, place) = (next, target)
        }
        return (value, place)
    }

    /// The place that a reference within the document points at.
    static func pointer(_ reference: String) -> JSONPointer? {
        guard reference.hasPrefix("#") else { return nil }
        return JSONPointer(
            String(reference.dropFirst()).replacing("%7B", with: "{").replacing("%7D", with: "}")
        )
    }
}
