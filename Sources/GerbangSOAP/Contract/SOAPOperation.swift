public import GerbangXML

/// An operation at a port: it turns JSON into SOAP messages and back, for both sides.
public final class SOAPOperation: Sendable {
    /// How the body relates to the parts of the message.
    public enum Style: String, Sendable, Hashable {
        /// The body holds the element that the part names.
        case document
        /// The body holds an element called as the operation is, with an element for each part.
        case rpc
    }

    /// Who speaks, and who answers.
    public enum Exchange: String, Sendable, Hashable {
        /// A request and its answer.
        case requestResponse = "request-response"
        /// A request without answer.
        case oneWay = "one-way"
        /// The service asks, the client answers.
        case solicitResponse = "solicit-response"
        /// The service tells, nobody answers.
        case notification
    }

    /// A header block or part of a message.
    public struct Part: Sendable, Hashable {
        /// The member's name in JSON.
        public let key: String
        /// The element's name.
        public let element: XMLName
    }

    /// One of an operation's messages, as it is described.
    public struct Message: Sendable, Hashable {
        /// The element in the body; nil for an empty body, and for several elements, which are in ``parts``.
        public let element: XMLName?
        /// The parts of a body of several elements, or of an rpc message.
        public let parts: [Part]
        /// The header blocks.
        public let headers: [Part]
        /// Whether it is written by SOAP encoding.
        public let isEncoded: Bool
        /// The parts that travel as MIME attachments; they are recognised only.
        public let attachments: [String]
    }

    /// A declared fault.
    public struct Fault: Sendable, Hashable {
        /// The fault's name.
        public let name: String
        /// The element in the fault's detail; nil where the detail is a type's content.
        public let element: XMLName?
    }

    /// The operation's name.
    public let name: String
    /// The service's name; empty where there is none.
    public let service: String
    /// The port's name.
    public let port: String
    /// Where the port is.
    public let address: String?
    /// The SOAP version of the binding; 1.1 where there is no binding.
    public let version: SOAPVersion
    /// The style.
    public let style: Style
    /// Who speaks, and who answers.
    public let exchange: Exchange
    /// The SOAP action; empty for none.
    public let action: String
    /// The operation's documentation.
    public let documentation: String?
    /// The policies attached to the operation or its messages.
    public let policies: [SOAPPolicy]
    /// The policies attached to the port or its binding.
    let portPolicies: [SOAPPolicy]
    /// How elements that stand for wildcards are given when a message is read.
    public let documents: SOAPDocuments
    let addressing: AddressingPlan
    let table: SchemaTable
    let inputShape: MessageShape?
    let outputShape: MessageShape?
    let faultShapes: [(name: String, shape: MessageShape)]

    init(
        name: String,
        place: OperationPlace,
        style: Style,
        exchange: Exchange,
        action: String,
        documentation: String?,
        policies: [SOAPPolicy],
        addressing: AddressingPlan,
        table: SchemaTable,
        input: MessageShape?,
        output: MessageShape?,
        faults: [(name: String, shape: MessageShape)]
    ) {
        self.name = name
        service = place.service
        port = place.port
        address = place.address
        version = place.version
        self.style = style
        self.exchange = exchange
        self.action = action
        self.documentation = documentation
        self.policies = policies
        portPolicies = place.policies
        documents = .json
        self.addressing = addressing
        self.table = table
        inputShape = input
        outputShape = output
        faultShapes = faults
    }

    private init(_ other: SOAPOperation, documents: SOAPDocuments) {
        name = other.name
        service = other.service
        port = other.port
        address = other.address
        version = other.version
        style = other.style
        exchange = other.exchange
        action = other.action
        documentation = other.documentation
        policies = other.policies
        portPolicies = other.portPolicies
        self.documents = documents
        addressing = other.addressing
        table = other.table
        inputShape = other.inputShape
        outputShape = other.outputShape
        faultShapes = other.faultShapes
    }

    /// The same operation, which gives elements that stand for wildcards in this form when it reads a message.
    ///
    /// It takes either form when it writes one.
    public func reading(documents: SOAPDocuments) -> SOAPOperation {
        documents == self.documents ? self : SOAPOperation(self, documents: documents)
    }

    /// Where the operation can be called: ``address``, where it is one of HTTP.
    ///
    /// Descriptions also have placeholders there, or addresses of queues.
    public var httpAddress: String? { Self.httpAddress(address) }

    static func httpAddress(_ address: String?) -> String? {
        guard let address, ["http://", "https://"].contains(where: { address.lowercased().hasPrefix($0) }) else {
            return nil
        }
        return address
    }

    /// Whether no answer is expected.
    public var isOneWay: Bool { outputShape == nil }

    /// The request, as it is described; nil where the service speaks first and is not answered.
    public var input: Message? { inputShape.map { describe($0) } }

    /// The answer, as it is described.
    public var output: Message? { outputShape.map { describe($0) } }

    /// The declared faults.
    public var faults: [Fault] {
        faultShapes.map { fault in
            if case .element(let element) = fault.shape.body { return Fault(name: fault.name, element: element.name) }
            return Fault(name: fault.name, element: nil)
        }
    }

    private func describe(_ shape: MessageShape) -> Message {
        var element: XMLName?
        var parts: [Part] = []
        switch shape.body {
        case .empty: break
        case .element(let node): element = node.name
        case .content(let type): element = table.types[type].name
        case .parts(let list): parts = list.map { Part(key: $0.key, element: $0.element.name) }
        case .wrapper(let node):
            element = node.name
            if case .elements(let group) = table.types[node.type].content {
                parts = group.particles.compactMap { particle in
                    if case .element(let part) = particle.term {
                        Part(key: particle.key, element: part.name)
                    } else {
                        nil
                    }
                }
            }
        }
        return Message(
            element: element,
            parts: parts,
            headers: shape.headers.map { Part(key: $0.key, element: $0.element.name) },
            isEncoded: shape.isEncoded,
            attachments: shape.attachments
        )
    }
}

/// Where an operation is offered.
struct OperationPlace {
    let service: String
    let port: String
    let address: String?
    let version: SOAPVersion
    /// Whether the port or its binding says that WS-Addressing is used.
    let usesAddressing: Bool
    /// The policies attached to the port or its binding.
    let policies: [SOAPPolicy]
}

/// An operation before the schemas are linked.
struct OperationPlan {
    struct Fault {
        let name: String
        let message: MessagePlan
    }

    let operation: RawDescription.Operation
    let isRPC: Bool
    let action: String?
    let policies: [SOAPPolicy]
    let addressing: AddressingPlan
    let input: MessagePlan?
    let output: MessagePlan?
    let faults: [Fault]
    let wrappers: [SchemaEmitter.Wrapper]

    func operation(_ place: OperationPlace, _ table: SchemaTable, _ validator: SchemaValidator?) throws(SOAPError)
        -> SOAPOperation
    {
        let exchange: SOAPOperation.Exchange
        switch (input != nil, output != nil) {
        case (true, false): exchange = .oneWay
        case (false, _): exchange = .notification
        default: exchange = operation.inputComesFirst ? .requestResponse : .solicitResponse
        }
        var faults: [(String, MessageShape)] = []
        var addressing = addressing
        if place.usesAddressing { addressing.isDescribed = true }
        for fault in self.faults { faults.append((fault.name, try fault.message.shape(in: table, validator))) }
        return SOAPOperation(
            name: operation.name,
            place: place,
            style: isRPC ? .rpc : .document,
            exchange: exchange,
            action: action ?? "",
            documentation: operation.documentation,
            policies: policies,
            addressing: addressing,
            table: table,
            input: try input.map { (plan) throws(SOAPError) in try plan.shape(in: table, validator) },
            output: try output.map { (plan) throws(SOAPError) in try plan.shape(in: table, validator) },
            faults: faults.map { (name: $0.0, shape: $0.1) }
        )
    }
}
