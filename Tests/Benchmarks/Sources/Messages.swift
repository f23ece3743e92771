internal import CLibXML2
internal import Foundation
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangTesting

extension Suite {
    /// Messages by a description, beside zeep and beside libxml2 that parses the same bytes into its tree and nothing else.
    func messages() async throws {
        table.heading("soap: messages by a description, on one thread")
        let file = "\(options.folder)/order.wsdl"
        try Self.description.write(toFile: file, atomically: true, encoding: .utf8)
        let operation = try WSDL.load(file: file).operation("order")
        let sizes = [("1 KB", 5, 50), ("10 KB", 60, 20), ("1 MB", 6_000, 1)]
        let inputs = sizes.map { Self.order(items: $0.1) }
        let zeep = try await Self.zeep(file, inputs)
        for (number, (name, _, batch)) in sizes.enumerated() {
            let input = inputs[number]
            let bytes = try operation.encodeRequest(input)
            let tree = measure(batch) { Self.parse(bytes) }
            for (way, isValidated) in [("", false), (", validated", true)] {
                let writing = try measure(batch) { _ = try operation.encodeRequest(input, isValidated: isValidated) }
                let reading = try measure(batch) { _ = try operation.decodeRequest(bytes, isValidated: isValidated) }
                table.row("writing \(name)\(way)", writing, .nanoseconds, baseline: ("libxml2's tree", tree))
                table.row("reading \(name)\(way)", reading, .nanoseconds, baseline: ("libxml2's tree", tree))
                guard !isValidated, let zeep else { continue }
                table.row(
                    "writing \(name), times faster than zeep",
                    zeep[number].writing / writing,
                    .times,
                    aim: .atLeast(20)
                )
                table.row(
                    "reading \(name), times faster than zeep",
                    zeep[number].reading / reading,
                    .times,
                    aim: .atLeast(20)
                )
                table.row("reading \(name), times libxml2's tree", reading / tree, .times, aim: .below(3))
            }
        }
        if zeep == nil { table.note("zeep is out of reach (needs python3 with venv, and PyPI)") }
        loading()
    }

    /// Loads the largest description of the conformance folder, where that is there.
    private func loading() {
        let folder = "../shared/conformance/wsdl"
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        func size(_ name: String) -> Int {
            (try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int) ?? 0
        }
        let usable = names.filter { $0.hasSuffix(".wsdl") && (try? WSDL.load(file: "\(folder)/\($0)")) != nil }
        guard let largest = usable.max(by: { size($0) < size($1) }) else {
            return table.note("there is no \(folder); no description is loaded")
        }
        let time = measure(1) { _ = try? WSDL.load(file: "\(folder)/\(largest)") }
        table.row("loading \(largest), \(size(largest)) bytes", time / 1e3, .microseconds)
    }

    private static func parse(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            let text = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            xmlFreeDoc(xmlReadMemory(text, Int32(clamping: buffer.count), nil, nil, Int32(XML_PARSE_NONET.rawValue)))
        }
    }

    /// What zeep takes for each input, in nanoseconds; nil where it is out of reach.
    private static func zeep(_ file: String, _ inputs: [JSONValue]) async throws -> [(
        writing: Double, reading: Double
    )]? {
        guard let environment = await PythonEnvironment.shared(PythonEnvironment.soap) else { return nil }
        let input = inputs.map { $0.text() + "\n" }.joined()
        guard let output = await environment.run("Tests/Peers/zeep/speed.py", [file], input: input) else { return nil }
        return output.split(separator: "\n").compactMap { line in
            let numbers = line.split(separator: " ").compactMap { Double($0) }
            return numbers.count == 2 ? (writing: numbers[0], reading: numbers[1]) : nil
        }
    }

    private static func order(items: Int) -> JSONValue {
        let item: JSONValue = [
            "@number": 7, "name": "Surat keterangan & lampiran", "price": "12500.50", "due": "2026-03-14",
            "urgent": false,
            "note": "Harap diambil sendiri",
        ]
        return ["@version": 1, "customer": "SITI CONTOH", "item": .array(Array(repeating: item, count: items))]
    }

    private static let description = """
        <wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
          xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:order" targetNamespace="urn:order">
          <wsdl:types><xs:schema targetNamespace="urn:order" elementFormDefault="qualified">
            <xs:complexType name="Item"><xs:sequence><xs:element name="name" type="xs:string"/>
              <xs:element name="price" type="xs:decimal"/><xs:element name="due" type="xs:date"/>
              <xs:element name="urgent" type="xs:boolean"/><xs:element name="note" type="xs:string" minOccurs="0"/></xs:sequence>
              <xs:attribute name="number" type="xs:int" use="required"/></xs:complexType>
            <xs:element name="order"><xs:complexType><xs:sequence><xs:element name="customer" type="xs:string"/>
              <xs:element name="item" type="t:Item" maxOccurs="unbounded"/></xs:sequence>
              <xs:attribute name="version" type="xs:int"/></xs:complexType></xs:element>
          </xs:schema></wsdl:types>
          <wsdl:message name="in"><wsdl:part name="p" element="t:order"/></wsdl:message>
          <wsdl:portType name="P"><wsdl:operation name="order"><wsdl:input message="t:in"/></wsdl:operation></wsdl:portType>
          <wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
            <wsdl:operation name="order"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input>
            </wsdl:operation></wsdl:binding>
          <wsdl:service name="S"><wsdl:port name="P" binding="t:B"><soap:address location="http://localhost/"/></wsdl:port></wsdl:service>
        </wsdl:definitions>
        """
}
