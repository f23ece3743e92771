internal import GerbangXML

/// A description and what it imports, taken from the net into files that lead to each other.
///
/// Each file is kept under a name made of its address, and the locations in it are changed to these names; those that the
/// catalogue knows stay as they are. So what was copied is read later without the net.
package struct DescriptionCopy: Sendable {
    /// A file of the copy.
    package struct File: Sendable {
        /// Its name, which is safe as one of a file.
        package let name: String
        /// Where it came from.
        package let address: String
        /// The text to keep.
        package let bytes: [UInt8]
    }

    /// Why a file could not be had, as the end of a sentence.
    package struct Failure: Error {
        package let reason: String

        package init(_ reason: String) {
            self.reason = reason
        }
    }

    /// The files, the description first.
    package private(set) var files: [File] = []
    /// What could not be had, for people: the description may do without it.
    package private(set) var notes: [String] = []

    private let catalogue = SchemaCatalogue.builtin
    private let limits: LoadLimits
    private var names: [String: String] = [:]
    private var taken: Set<String> = []
    private var waiting: [String] = []
    private var bytes = 0

    /// Copies a description.
    ///
    /// - Parameters:
    ///   - address: The description's address, `http` or `https`.
    ///   - fetch: Gets a file; called once for each address.
    /// - Throws: ``SOAPError`` where the description itself cannot be had, is no XML or is too large.
    package init(
        of address: String,
        limits: LoadLimits = LoadLimits(),
        fetch: (_ address: String) async throws(Failure) -> [UInt8]
    ) async throws(SOAPError) {
        self.limits = limits
        _ = name(for: address, kind: "wsdl")
        while !waiting.isEmpty {
            let next = waiting.removeFirst()
            do throws(Failure) {
                let text = try await fetch(next)
                try keep(text, of: next)
            } catch {
                let note = "\(SOAPError.shown(next)): \(error.reason)"
                guard !files.isEmpty else { throw SOAPError(.file, note) }
                notes.append(note)
            }
            // Counted by their names, as what cannot be had costs a question too.
            guard names.count <= limits.maximumFiles, bytes <= limits.maximumBytes else {
                throw SOAPError(
                    .limit,
                    "The description has more than \(limits.maximumFiles) files or \(limits.maximumBytes) bytes."
                )
            }
        }
    }

    /// Keeps a file, with the names of others in the place of their addresses.
    private mutating func keep(_ text: [UInt8], of address: String) throws(Failure) {
        let name = name(for: address, kind: "xsd")
        bytes += text.count
        let start = FileStart.repaired(text)
        let document: XMLDocument
        do throws(XMLError) {
            document = try XMLDocument(parsing: start.bytes, limits: limits.xml, charset: start.charset)
        } catch {
            // The catalogue may have W3C's own files without the document type that they bring.
            guard error.code == .documentType, !files.isEmpty else { throw Failure(error.message) }
            return files.append(File(name: name, address: address, bytes: text))
        }
        do throws(XMLError) {
            var elements = [document.root]
            while let element = elements.popLast() {
                elements += element.children
                try link(element, from: address)
            }
            files.append(File(name: name, address: address, bytes: try document.serialized()))
        } catch {
            throw Failure(error.message)
        }
    }

    /// Makes the location of an import or include the name of a file of the copy.
    private mutating func link(_ element: XMLElement, from address: String) throws(XMLError) {
        let isDescription = element.isNamed("import", namespace: Namespaces.wsdl)
        let isSchema =
            (element.namespaceURI == Namespaces.schema || SchemaDraft.namespaces.contains(element.namespaceURI ?? ""))
            && ["import", "include", "redefine"].contains(element.localName)
        guard isDescription || isSchema else { return }
        let attribute = isDescription ? "location" : "schemaLocation"
        guard let location = element.attribute(attribute), !location.trimmingXMLSpace.isEmpty else { return }
        if Location.isAbsolute(location), catalogue.entry(location: location) != nil { return }
        guard let target = Location.join(address, location) else {
            notes.append("\(SOAPError.shown(location)): it is at no address that begins with http:// or https://")
            return
        }
        try element.setAttribute(attribute, to: name(for: target, kind: isDescription ? "wsdl" : "xsd"))
    }

    /// The name under which an address is kept; one that is new will be fetched.
    private mutating func name(for address: String, kind: String) -> String {
        if let known = names[address] { return known }
        let stem = Self.stem(of: address, kind: kind)
        var name = "\(stem).\(kind)"
        var number = 2
        while taken.contains(name) {
            name = "\(stem)-\(number).\(kind)"
            number += 1
        }
        names[address] = name
        taken.insert(name)
        waiting.append(address)
        return name
    }

    /// The last component of an address and its query, as far as names of files may have them; without a suffix that
    /// already says the kind.
    private static func stem(of address: String, kind: String) -> String {
        let last = address.split(separator: "/").last.map(String.init) ?? ""
        var text = ""
        for scalar in last.unicodeScalars.prefix(100) {
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            text.unicodeScalars.append(isPlain || ["-", "_", "."].contains(scalar) ? scalar : "-")
        }
        for suffix in ["-wsdl", ".\(kind)", ".wsdl"]
        where text.lowercased().hasSuffix(suffix) && text.count > suffix.count {
            text.removeLast(suffix.count)
        }
        while text.hasPrefix(".") { text.removeFirst() }
        return text.isEmpty ? "description" : text
    }
}
