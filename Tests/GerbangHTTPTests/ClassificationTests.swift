internal import GerbangCore
internal import GerbangHTTP
internal import Testing

@Suite("Send-state classification")
struct ClassificationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var facts: TransferFacts
        var kind: WireFailure.Kind
        var state: SendState
        var testDescription: String { name }

        /// The codes are libcurl's, as numbers: they are part of its binary interface.
        init(
            _ name: String,
            code: Int,
            sent: Int? = nil,
            proxy: Bool = false,
            text: String = "",
            _ intervention: TransferFacts.Intervention? = nil,
            is kind: WireFailure.Kind,
            _ state: SendState
        ) {
            self.name = name
            facts = TransferFacts(
                code: code,
                intervention: intervention,
                wasAnnounced: sent != nil,
                requestBytes: sent ?? 0,
                usesProxy: proxy,
                errorText: text
            )
            self.kind = kind
            self.state = state
        }
    }

    private static let certificateAlert = "SSL_read: tlsv13 alert certificate required, errno 0"

    static let rows = [
        Row("unresolvable", code: 6, is: .resolve, .notSent),
        Row("unresolvable proxy", code: 5, proxy: true, is: .proxy, .notSent),
        Row("refused", code: 7, is: .connect, .notSent),
        Row("refused by the proxy's machine", code: 7, proxy: true, is: .proxy, .notSent),
        Row("tunnel refused by the proxy", code: 56, proxy: true, is: .proxy, .notSent),
        Row("SOCKS handshake failed", code: 97, proxy: true, is: .proxy, .notSent),
        Row("TLS handshake failed", code: 35, is: .tls, .notSent),
        Row(
            "TLS handshake refused for want of a certificate",
            code: 35,
            text: certificateAlert,
            is: .certificate,
            .notSent
        ),
        Row("untrusted certificate", code: 60, is: .certificate, .notSent),
        Row("unusable client certificate", code: 58, is: .certificate, .notSent),
        Row("unusable authorities", code: 77, is: .certificate, .notSent),
        Row("another public key", code: 90, is: .certificate, .notSent),
        Row("no connection in time", code: 28, is: .timeout, .notSent),
        Row("no answer in time", code: 28, sent: 58, is: .timeout, .maybeSent),
        Row("announced, but nothing was taken", code: 55, sent: 0, is: .reset, .notSent),
        Row("send error", code: 55, sent: 12, is: .reset, .maybeSent),
        Row("receive error", code: 56, sent: 129, is: .reset, .maybeSent),
        Row("receive error behind a proxy", code: 56, sent: 129, proxy: true, is: .reset, .maybeSent),
        Row(
            "certificate refused after the handshake",
            code: 56,
            sent: 129,
            text: certificateAlert,
            is: .certificate,
            .maybeSent
        ),
        Row("empty answer", code: 52, sent: 129, is: .reset, .maybeSent),
        Row("truncated answer", code: 18, sent: 129, is: .reset, .maybeSent),
        Row("answer in HTTP/0.9", code: 1, sent: 129, is: .malformed, .maybeSent),
        Row("unreadable answer", code: 8, sent: 129, is: .malformed, .maybeSent),
        Row("protocol not allowed", code: 1, is: .unsendable, .notSent),
        Row("answer announced as too large", code: 63, sent: 129, is: .tooLarge, .maybeSent),
        Row("answer too large", code: 23, sent: 129, .tooLarge, is: .tooLarge, .maybeSent),
        Row("second sending prevented", code: 42, sent: 129, .resendPrevented, is: .reset, .maybeSent),
        Row("cancelled while waiting", code: 42, sent: 129, .cancelled, is: .cancelled, .maybeSent),
        Row("cancelled while connecting", code: 42, .cancelled, is: .cancelled, .notSent),
        Row("overdue while connecting", code: 42, .firstByteOverdue, is: .timeout, .notSent),
        Row("overdue while waiting", code: 42, sent: 129, .totalOverdue, is: .timeout, .maybeSent),
        Row("a code nobody knows, after sending", code: 4711, sent: 129, is: .malformed, .maybeSent),
    ]

    @Test("each way to fail has its kind and its send state", arguments: rows)
    func row(_ row: Row) {
        #expect(row.facts.failure.kind == row.kind)
        #expect(row.facts.failure.sendState == row.state)
    }

    @Test("nothing counts as not sent once bytes of the request have left")
    func sentStaysSent() {
        for code in 0..<120 {
            let facts = TransferFacts(code: code, wasAnnounced: true, requestBytes: 1)
            #expect(facts.failure.sendState == .maybeSent)
        }
    }
}
