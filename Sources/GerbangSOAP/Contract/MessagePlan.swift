internal import GerbangXML

/// What a message will consist of, before the schemas are linked.
struct MessagePlan {
    /// An element of a message: declared in a schema, or made of a part.
    enum Element {
        case declared(XMLName)
        case extra(Int)

        func node(in table: SchemaTable) throws(SOAPError) -> ElementNode {
            switch self {
            case .extra(let number): return table.extras[number]
            case .declared(let name):
                guard let node = table.elements[name] else {
                    throw SOAPError(.schema, "There is no element '\(name.localName)'.")
                }
                return node
            }
        }
    }

    enum Body {
        case empty
        case element(Element)
        case parts([(name: String, element: Element)])
        case wrapper(Element)
        case content(Int)
    }

    struct Header {
        let key: String
        let element: Element
        let isEncoded: Bool
    }

    var body = Body.empty
    var headers: [Header] = []
    var faultHeaders: [Header] = []
    var isEncoded = false
    var attachments: [String] = []

    func shape(in table: SchemaTable, _ validator: SchemaValidator?) throws(SOAPError) -> MessageShape {
        let body: MessageShape.Body
        switch self.body {
        case .empty: body = .empty
        case .element(let element): body = .element(try element.node(in: table))
        case .wrapper(let element): body = .wrapper(try element.node(in: table))
        case .content(let type): body = .content(type)
        case .parts(let parts):
            var nodes: [MessageShape.Part] = []
            for part in parts {
                nodes.append(MessageShape.Part(key: part.name, element: try part.element.node(in: table)))
            }
            body = .parts(nodes)
        }
        var headers: [MessageShape.Header] = []
        for header in self.headers {
            headers.append(
                MessageShape.Header(
                    key: header.key,
                    element: try header.element.node(in: table),
                    isEncoded: header.isEncoded
                )
            )
        }
        return MessageShape(
            body: body,
            headers: headers,
            isEncoded: isEncoded,
            attachments: attachments,
            validator: isEncoded ? nil : validator
        )
    }
}

/// What a message consists of.
final class MessageShape: Sendable {
    struct Part: Sendable {
        /// The member's name in JSON.
        let key: String
        let element: ElementNode
    }

    struct Header: Sendable {
        /// The member's name in JSON.
        let key: String
        let element: ElementNode
        /// Whether it is written by SOAP encoding, whatever the body is.
        let isEncoded: Bool
    }

    enum Body: Sendable {
        case empty
        /// One element of a schema.
        case element(ElementNode)
        /// Several elements beside each other.
        case parts([Part])
        /// The wrapper of an rpc message.
        case wrapper(ElementNode)
        /// The content of a type, directly in the body.
        case content(Int)
    }

    let body: Body
    let headers: [Header]
    let isEncoded: Bool
    let attachments: [String]
    let validator: SchemaValidator?

    /// How the values of the body are checked when a message is validated.
    var checks: ValueCheck {
        switch body {
        case .empty, .content: .patterns
        case .element, .parts, .wrapper: validator == nil ? .everything : .patterns
        }
    }

    /// Whether what was written must be read to be validated, as libxml2 does not see all of it.
    var needsReading: Bool {
        !isEncoded && (validator.map { !$0.openTypes.isEmpty } ?? (checks == .everything))
    }

    init(body: Body, headers: [Header], isEncoded: Bool, attachments: [String], validator: SchemaValidator?) {
        self.body = body
        self.headers = headers
        self.isEncoded = isEncoded
        self.attachments = attachments
        self.validator = validator
    }
}
