internal import GerbangCore
internal import GerbangXML
internal import HTTPTypes

/// What an answer turned out to be.
enum Answer {
    /// Not a SOAP message at all.
    case noEnvelope(String)
    /// A SOAP message that cannot be the answer to this call.
    case unreadable(String)
    /// A SOAP fault, with the agency's code where it is fit to be kept.
    case fault(FaultMeaning, code: String?)
    /// A decision of the agency against the request.
    case decision(BusinessMeaning?, code: String?)
    /// The response's wrapper.
    case content(XMLElement)
}

/// Finds out what an answer is.
///
/// Lenient about namespaces and prefixes, strict about whether it answers this call.
struct AnswerReader {
    let binding: TransportBinding
    let operation: TransportOperation
    let call: AdapterCall

    func read(_ exchange: Exchange) -> Answer {
        let envelope: SOAPEnvelope
        do {
            let part = try MessagePart(exchange.response)
            envelope = try SOAPEnvelope(XMLDocument(parsing: part.body, charset: part.charset))
        } catch {
            return .noEnvelope("not a SOAP message: \(error.message)")
        }
        let fault = envelope.fault
        let wrapper = binding.wrapper(operation)
        if let xroad = binding.xroad {
            let header = XRoadHeader(xroad, wrapper, for: call)
            let body = exchange.request.body
            if let reason = header.contradiction(in: envelope, isFault: fault != nil, requestBody: body) {
                return .unreadable(reason)
            }
        }
        if let fault {
            return .fault(FaultMeaning(fault), code: Self.keepable(fault.codePath.joined(separator: ".")))
        }
        guard (200...299).contains(exchange.response.status) else {
            return .unreadable("HTTP \(exchange.response.status) with a SOAP message that is no fault")
        }
        // By local name: agencies answer in another namespace than they are asked in.
        guard let content = envelope.content, content.isNamed(wrapper.response) else {
            return .unreadable("the answer has no element '\(wrapper.response)' in its body")
        }
        let decision = content.firstChild(binding.name(.fault)) ?? content
        if let code = decision.firstChild(binding.name(.faultCode))?.trimmedText {
            return .decision(binding.meanings[code], code: Self.keepable(code))
        }
        if decision != content {
            return .unreadable("the answer has an element '\(binding.name(.fault))' without a code")
        }
        return .content(content)
    }

    /// A code that is safe to keep and show: a short technical word.
    ///
    /// Anything else might be a sentence with a name.
    private static func keepable(_ code: String) -> String? {
        let isTechnical = code.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        // A run of digits this long could be somebody's number.
        let longestNumber = code.split { !$0.isNumber }.map(\.count).max() ?? 0
        return isTechnical && !code.isEmpty && code.utf8.count <= 80 && longestNumber < 10 ? code : nil
    }
}

extension XMLElement {
    /// The text without white space around it: agencies pad and indent.
    var trimmedText: String {
        let text = self.text
        guard text.utf8.first.map({ $0 <= 0x20 }) ?? false || text.utf8.last.map({ $0 <= 0x20 }) ?? false else {
            return text
        }
        let body = text.utf8.drop { $0 <= 0x20 }
        guard let last = body.lastIndex(where: { $0 > 0x20 }) else { return "" }
        return String(text[body.startIndex...last])
    }

    /// The text without white space around it; `nil` for an element without any, as `xsi:nil` leaves one.
    var filledText: String? {
        let text = trimmedText
        return text.isEmpty ? nil : text
    }
}
