internal import GerbangCore
internal import GerbangXML
internal import HTTPTypes

/// The part of an answer that is the SOAP message.
///
/// This is the body, or the root part of a `multipart/related` body (RFC 2387; SOAP with attachments, MTOM).
/// Attachments are not read.
struct MessagePart: Sendable, Hashable {
    /// The bytes of the message.
    let body: [UInt8]
    /// The charset that its content type names.
    let charset: String?

    /// Finds the message.
    ///
    /// - Throws: ``XMLError`` with code `xml.soap` when a multipart body cannot be taken apart.
    init(_ response: WireResponse) throws(XMLError) {
        let type = MediaType(response.headerFields[.contentType] ?? "")
        guard type.essence.hasPrefix("multipart/") else {
            body = response.body
            charset = type.parameters["charset"]
            return
        }
        do throws(MultipartError) {
            let root = try MultipartMessage(parsing: response.body, type: type).root
            body = try root.content()
            charset = root.type.parameters["charset"]
        } catch {
            throw XMLError(.soap, error.message)
        }
    }
}
