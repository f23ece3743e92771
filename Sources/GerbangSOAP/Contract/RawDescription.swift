internal import GerbangXML

/// A description as it is written, before its names are looked up.
struct RawDescription {
    struct Part {
        let name: String
        let element: XMLName?
        let type: XMLName?
        let file: String
        let line: Int

        /// What it says, wherever it stands.
        var declaration: [XMLName?] { [XMLName(name, namespace: nil), element, type] }
    }

    struct Message {
        let name: XMLName
        let parts: [Part]
    }

    struct MessageUse {
        let name: String?
        let message: XMLName
        let action: String?
        let file: String
        let line: Int
    }

    struct Operation {
        let name: String
        let input: MessageUse?
        let output: MessageUse?
        let faults: [MessageUse]
        let inputComesFirst: Bool
        let documentation: String?
        let policies: [SOAPPolicy]
    }

    struct PortType {
        let name: XMLName
        let operations: [Operation]
        let documentation: String?
    }

    struct Body {
        var parts: [String]?
        var isEncoded = false
        var namespace: String?
        var headers: [Header] = []
        /// Parts that travel as attachments (`mime:content`).
        var attachments: [String] = []
    }

    struct Header {
        let message: XMLName
        let part: String
        let isEncoded: Bool
        let namespace: String?
        let isFault: Bool
        let file: String
        let line: Int
    }

    struct BindingOperation {
        let name: String
        let action: String?
        let style: String?
        let inputName: String?
        let outputName: String?
        let input: Body
        let output: Body
        /// Whether each fault is encoded, by name.
        let faults: [String: Bool]
        let policies: [SOAPPolicy]
        let file: String
        let line: Int
    }

    struct Binding {
        let name: XMLName
        let portType: XMLName
        let kind: WSDL.Port.Kind
        let style: String
        let transport: String?
        let operations: [BindingOperation]
        let policies: [SOAPPolicy]
        let usesAddressing: Bool
        let documentation: String?
        let file: String
        let line: Int
    }

    struct Port {
        let name: String
        let binding: XMLName
        let address: String?
        let policies: [SOAPPolicy]
        let usesAddressing: Bool
        let documentation: String?
        let file: String
        let line: Int
    }

    struct Service {
        let name: String
        let ports: [Port]
        let documentation: String?
    }

    var messages: [XMLName: Message] = [:]
    var portTypes: [XMLName: PortType] = [:]
    var portTypeOrder: [XMLName] = []
    var bindings: [XMLName: Binding] = [:]
    var bindingOrder: [XMLName] = []
    var services: [Service] = []
    var targetNamespace = ""
    var documentation: String?
}
