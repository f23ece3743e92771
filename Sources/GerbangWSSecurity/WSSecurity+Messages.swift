public import GerbangCore
public import GerbangHTTP
internal import GerbangXML
internal import HTTPTypes

extension WSSecurity {
    /// `wsSecurity`.
    public var name: String { "wsSecurity" }

    /// Puts the Security header into the body of a message.
    public func secure(_ message: OutboundRequest, at now: Timestamp) throws(WireFailure) -> OutboundRequest {
        guard usernameToken != nil || validity != nil || signature != nil else { return message }
        var message = message
        do throws(WSSecurityError) {
            message.body = try secure(message.body, at: now)
        } catch {
            throw WireFailure(.unsendable, .notSent, detail: "\(error)")
        }
        return message
    }

    /// Verifies an answer; it is handed on in canonical form, in UTF-8.
    public func open(_ answer: WireResponse, at now: Timestamp) throws(WireFailure) -> WireResponse {
        guard let verification else { return answer }
        var answer = answer
        do throws(WSSecurityError) {
            let type = MediaType(answer.headerFields[.contentType] ?? "")
            let (bytes, version) = try opened(
                answer.body,
                type.parameters["charset"],
                XMLLimits(),
                verification,
                at: now
            )
            answer.body = bytes
            answer.headerFields[.contentType] =
                version == .v11 ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8"
        } catch {
            throw WireFailure(.unverified, .maybeSent, detail: "\(error)")
        }
        return answer
    }
}
