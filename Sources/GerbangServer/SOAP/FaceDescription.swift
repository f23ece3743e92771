internal import GerbangCore
internal import GerbangJSON

/// A service as the SOAP face offers it.
struct FacedService: Sendable {
    let service: Service
    /// The service's name in elements, such as `transportVehicleLookup`.
    let name: String
    let input: FaceType
    let inputTypes: [String: FaceType]
    let output: FaceType
    let outputTypes: [String: FaceType]

    /// The operation that submits a request, such as `submitTransportVehicleLookup`.
    var operation: String { "submit\(name.prefix(1).uppercased())\(name.dropFirst())" }

    /// - Throws: ``GerbangError/Code/invalidConfiguration`` that says what of the service's schemas SOAP cannot express.
    init(_ service: Service) throws(GerbangError) {
        self.service = service
        name = FaceNames.camel(service.id)
        (input, inputTypes) = try Self.read(service.input, "input", of: service)
        (output, outputTypes) = try Self.read(service.output, "output", of: service)
    }

    private static func read(_ schema: JSONValue, _ name: String, of service: Service) throws(GerbangError)
        -> (FaceType, [String: FaceType])
    {
        var reader = FaceTypeReader(schema)
        do throws(Inexpressible) {
            let type = try reader.read()
            return (type, reader.named)
        } catch {
            throw GerbangError(
                .invalidConfiguration,
                "the service \(service.id) cannot be offered by SOAP: /\(name)\(error.pointer): \(error.reason)"
            )
        }
    }

    private func prefix(_ direction: String) -> String { "\(name)\(direction)." }

    /// The element of the payload.
    var payload: String { FaceSchema(prefix: prefix("Input")).root("payload", input) }

    /// The element of the result.
    var result: String { FaceSchema(prefix: prefix("Output")).root(name, output) }

    /// The types that both refer to.
    var types: String {
        FaceSchema(prefix: prefix("Input")).types(inputTypes) + FaceSchema(prefix: prefix("Output")).types(outputTypes)
    }
}

/// The description (WSDL 1.1, document/literal wrapped, SOAP 1.1 and 1.2) of the SOAP face.
enum FaceDescription {
    /// The namespace of everything in it.
    static let namespace = "urn:gerbang:soap:1"
    /// What stands for the address until somebody asks.
    static let address = "http://localhost/soap"

    /// The text.
    static func wsdl(of services: [FacedService]) -> String {
        let operations =
            services.map { ($0.operation, $0.service.title.english) } + [("status", "Where a request stands")]
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
            xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" \
            xmlns:g="\(namespace)" targetNamespace="\(namespace)" name="Gerbang">
            <wsdl:types><xs:schema targetNamespace="\(namespace)" elementFormDefault="qualified">
            \(schema(services))
            </xs:schema></wsdl:types>
            \(operations.map { messages($0.0) }.joined())\
            <wsdl:message name="failure"><wsdl:part name="failure" element="g:failure"/></wsdl:message>
            <wsdl:portType name="Gerbang">
            \(operations.map { abstract($0.0, $0.1) }.joined(separator: "\n"))
            </wsdl:portType>
            \(binding("Gerbang11", "soap", operations.map(\.0)))
            \(binding("Gerbang12", "soap12", operations.map(\.0)))
            <wsdl:service name="Gerbang">
            <wsdl:port name="Gerbang11" binding="g:Gerbang11"><soap:address location="\(address)"/></wsdl:port>
            <wsdl:port name="Gerbang12" binding="g:Gerbang12"><soap12:address location="\(address)"/></wsdl:port>
            </wsdl:service>
            </wsdl:definitions>

            """
    }

    private static func messages(_ name: String) -> String {
        """
        <wsdl:message name="\(name)"><wsdl:part name="parameters" element="g:\(name)"/></wsdl:message>
        <wsdl:message name="\(name)Response"><wsdl:part name="parameters" element="g:\(name)Response"/></wsdl:message>

        """
    }

    private static func abstract(_ name: String, _ title: String) -> String {
        """
        <wsdl:operation name="\(name)"><wsdl:documentation>\(XMLEscape.attribute(title))</wsdl:documentation>\
        <wsdl:input message="g:\(name)"/><wsdl:output message="g:\(name)Response"/>\
        <wsdl:fault name="failure" message="g:failure"/></wsdl:operation>
        """
    }

    private static func binding(_ name: String, _ prefix: String, _ operations: [String]) -> String {
        let body = "<\(prefix):body use=\"literal\"/>"
        let bound = operations.map { operation in
            """
            <wsdl:operation name="\(operation)"><\(prefix):operation soapAction="\(namespace)/\(operation)" \
            style="document"/><wsdl:input>\(body)</wsdl:input><wsdl:output>\(body)</wsdl:output>\
            <wsdl:fault name="failure"><\(prefix):fault name="failure" use="literal"/></wsdl:fault></wsdl:operation>
            """
        }
        return """
            <wsdl:binding name="\(name)" type="g:Gerbang"><\(prefix):binding style="document" \
            transport="http://schemas.xmlsoap.org/soap/http"/>
            \(bound.joined(separator: "\n"))
            </wsdl:binding>
            """
    }

    // MARK: Schema

    private static func schema(_ services: [FacedService]) -> String {
        (services.flatMap { [$0.types, submission($0)] } + [status, failure, result(services)])
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func text(_ name: String, isRequired: Bool = false) -> String {
        "<xs:element name=\"\(name)\" type=\"xs:string\"\(isRequired ? "" : " minOccurs=\"0\"")/>"
    }

    private static func submission(_ service: FacedService) -> String {
        let channels = Channel.allCases.map { "<xs:enumeration value=\"\($0.rawValue)\"/>" }.joined()
        return """
            <xs:element name="\(service.operation)"><xs:complexType><xs:sequence>\
            \(text("idempotencyKey", isRequired: true))\(text("region", isRequired: true))\
            <xs:element name="applicant" minOccurs="0"><xs:complexType><xs:sequence>\(text("nik"))\(text("name"))\
            </xs:sequence></xs:complexType></xs:element>\
            <xs:element name="channel" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">\(channels)\
            </xs:restriction></xs:simpleType></xs:element>\
            <xs:element name="officer" minOccurs="0"><xs:complexType><xs:sequence>\(text("id", isRequired: true))\
            \(text("name"))\(text("counter"))</xs:sequence></xs:complexType></xs:element>\
            \(service.payload)<xs:element name="deadline" type="xs:dateTime" minOccurs="0"/>\
            <xs:element name="callback" minOccurs="0"><xs:complexType><xs:sequence>\(text("url", isRequired: true))\
            </xs:sequence></xs:complexType></xs:element>\
            <xs:element name="waitSeconds" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
            <xs:element name="\(service.operation)Response"><xs:complexType><xs:sequence>\
            <xs:element name="isReplay" type="xs:boolean"/><xs:element name="status" type="g:RequestStatus"/>\
            </xs:sequence></xs:complexType></xs:element>
            """
    }

    private static let status = """
        <xs:element name="status"><xs:complexType><xs:sequence>\(text("requestId", isRequired: true))\
        <xs:element name="waitSeconds" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
        <xs:element name="statusResponse"><xs:complexType><xs:sequence>\
        <xs:element name="status" type="g:RequestStatus"/></xs:sequence></xs:complexType></xs:element>
        <xs:complexType name="RequestStatus"><xs:sequence>\(text("id", isRequired: true))\
        \(text("service", isRequired: true))\(text("region", isRequired: true))\(text("state", isRequired: true))\
        \(text("reason"))<xs:element name="isFinal" type="xs:boolean"/>\(text("holder"))\
        <xs:element name="message" type="g:Texts" minOccurs="0"/>\
        <xs:element name="acceptedAt" type="xs:dateTime"/><xs:element name="updatedAt" type="xs:dateTime"/>\
        <xs:element name="deadline" type="xs:dateTime"/><xs:element name="dueAt" type="xs:dateTime" minOccurs="0"/>\
        <xs:element name="expectedFinishAt" type="xs:dateTime" minOccurs="0"/>\
        <xs:element name="finishedAt" type="xs:dateTime" minOccurs="0"/>\(text("agencyReference"))\
        <xs:element name="error" type="g:Error" minOccurs="0"/><xs:element name="result" type="g:Result" minOccurs="0"/>\
        </xs:sequence></xs:complexType>
        """

    private static let failure = """
        <xs:complexType name="Texts"><xs:sequence>\(text("id", isRequired: true))\(text("en", isRequired: true))\
        </xs:sequence></xs:complexType>
        <xs:complexType name="Error"><xs:sequence>\(text("code", isRequired: true))\(text("blame", isRequired: true))\
        <xs:element name="isRetryable" type="xs:boolean"/>\(text("message", isRequired: true))\(text("field"))\
        \(text("agencyCode"))<xs:element name="texts" type="g:Texts"/></xs:sequence></xs:complexType>
        <xs:element name="failure" type="g:Error"/>
        """

    /// The agency's answer; only services that are offered have one here.
    private static func result(_ services: [FacedService]) -> String {
        "<xs:complexType name=\"Result\"><xs:choice>\(services.map(\.result).joined())</xs:choice></xs:complexType>"
    }
}
