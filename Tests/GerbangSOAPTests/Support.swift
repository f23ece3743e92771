internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

/// The descriptions that the tests read.
enum Fixture {
    /// The folder of the project's own descriptions.
    static let folder: String = {
        let here = #filePath
        return String(here[..<(here.lastIndex(of: "/") ?? here.endIndex)]) + "/Fixtures"
    }()

    /// Loads one of them.
    static func load(_ name: String) throws -> WSDL {
        try WSDL.load(file: "\(folder)/\(name).wsdl")
    }

    /// The operation of one of them.
    static func operation(_ name: String, _ operation: String = "call", port: String? = nil) throws -> SOAPOperation {
        try load(name).operation(operation, port: port)
    }

    /// A description with one operation `call` from `request` to `answer`, around a schema.
    static func description(schema: String, attributes: String = "elementFormDefault=\"qualified\"") -> [UInt8] {
        Array(
            """
            <wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
              xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
              <wsdl:types><xs:schema targetNamespace="urn:t" \(attributes)>\(schema)</xs:schema></wsdl:types>
              <wsdl:message name="in"><wsdl:part name="p" element="t:request"/></wsdl:message>
              <wsdl:message name="out"><wsdl:part name="p" element="t:answer"/></wsdl:message>
              <wsdl:portType name="P"><wsdl:operation name="call"><wsdl:input message="t:in"/><wsdl:output message="t:out"/>
              </wsdl:operation></wsdl:portType>
              <wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
              <wsdl:operation name="call"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input>
              <wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
              <wsdl:service name="S"><wsdl:port name="P" binding="t:B"><soap:address location="http://localhost/"/></wsdl:port>
              </wsdl:service>
            </wsdl:definitions>
            """.utf8
        )
    }

    /// The operation of a description made of a schema; what the schema does not declare is a text.
    static func operation(schema: String, attributes: String = "elementFormDefault=\"qualified\"") throws
        -> SOAPOperation
    {
        var schema = schema
        for name in ["request", "answer"] where !schema.contains("name=\"\(name)\"") {
            schema += "<xs:element name=\"\(name)\" type=\"xs:string\"/>"
        }
        let wsdl = try WSDL.load(files: ["a.wsdl": description(schema: schema, attributes: attributes)], root: "a.wsdl")
        return try wsdl.operation("call")
    }
}

/// An envelope of SOAP 1.1 around the content of a body.
func envelope(_ body: String, header: String = "") -> [UInt8] {
    Array(
        """
        <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t">\(header)<e:Body>\(body)</e:Body></e:Envelope>
        """.utf8
    )
}

/// JSON from its text.
func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

/// The error that a body throws, which must be one of this module.
func refusal(_ body: () throws -> Void) -> SOAPError? {
    do {
        try body()
        return nil
    } catch {
        return error as? SOAPError
    }
}

extension StreamedBody {
    /// The whole body, as it would be sent.
    var contents: [UInt8] {
        get throws {
            var result: [UInt8] = []
            for piece in pieces {
                switch piece {
                case .bytes(let bytes): result += bytes
                case .file(let path, let count): result += try Data(contentsOf: URL(filePath: path)).prefix(count)
                }
            }
            #expect(result.count == count)
            return result
        }
    }
}
