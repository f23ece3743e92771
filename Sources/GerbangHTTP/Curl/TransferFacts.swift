internal import CCurl
package import GerbangCore

/// What is known about a transfer that brought no complete answer, and what follows from it.
///
/// How far the message got follows from two facts and from nothing else. libcurl announces each attempt to put a
/// request on a connection, after the connection stands and its TLS handshake is finished: where nothing was announced,
/// nothing left. And it counts the bytes of the request that the system has taken: where none was taken, nothing left.
/// Everything else counts as maybe sent, above all a TLS alert after the handshake: with TLS 1.3 an agency refuses our
/// certificate only after our request may have reached it.
package struct TransferFacts: Sendable, Hashable {
    /// Why we ended the transfer ourselves.
    package enum Intervention: Sendable, Hashable {
        /// The task was cancelled or the transport was shut down.
        case cancelled
        /// No byte of the answer came in time.
        case firstByteOverdue
        /// The answer was not complete in time.
        case totalOverdue
        /// The body or the header of the answer is larger than allowed.
        case tooLarge
        /// libcurl was about to send a message again that may go out only once.
        case resendPrevented
        /// The address that would be connected to is not allowed.
        case addressRefused
        /// A file that the body is read from is not there, or of another size than it was.
        case bodyUnreadable
    }

    /// libcurl's result code.
    package var code: Int
    /// Our own intervention, which explains the code.
    package var intervention: Intervention?
    /// Whether a connection was ready and the request was announced to go out.
    package var wasAnnounced: Bool
    /// The bytes of the request that the system has taken.
    package var requestBytes: Int
    /// Whether the way leads through a proxy.
    package var usesProxy: Bool
    /// libcurl's text about the failure; looked into, never shown, since it may hold addresses.
    package var errorText: String

    /// Creates facts.
    package init(
        code: Int,
        intervention: Intervention? = nil,
        wasAnnounced: Bool,
        requestBytes: Int,
        usesProxy: Bool = false,
        errorText: String = ""
    ) {
        self.code = code
        self.intervention = intervention
        self.wasAnnounced = wasAnnounced
        self.requestBytes = requestBytes
        self.usesProxy = usesProxy
        self.errorText = errorText
    }

    /// How far the message got.
    package var sendState: SendState {
        wasAnnounced && requestBytes > 0 ? .maybeSent : .notSent
    }

    /// The failure to report.
    package var failure: WireFailure {
        if let intervention {
            return failure(after: intervention)
        }
        let (kind, detail) = classification
        return WireFailure(kind, sendState, detail: detail)
    }

    private func failure(after intervention: Intervention) -> WireFailure {
        switch intervention {
        case .cancelled: WireFailure(.cancelled, sendState)
        case .firstByteOverdue: WireFailure(.timeout, sendState, detail: "no byte of an answer in time")
        case .totalOverdue: WireFailure(.timeout, sendState, detail: "no complete answer in time")
        case .tooLarge: WireFailure(.tooLarge, sendState, detail: "the answer is larger than allowed")
        case .resendPrevented:
            WireFailure(.reset, sendState, detail: "a reused connection was closed before an answer")
        case .bodyUnreadable: WireFailure(.unsendable, sendState, detail: "a file of the message could not be read")
        case .addressRefused: WireFailure(.connect, .notSent, detail: "the address of the host is not allowed")
        }
    }

    private var classification: (WireFailure.Kind, String) {
        switch CURLcode(rawValue: UInt32(code)) {
        case CURLE_COULDNT_RESOLVE_HOST:
            (.resolve, "the host name could not be resolved")
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            (.proxy, "the proxy could not be reached or refused")
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            usesProxy ? (.proxy, "the proxy could not be reached") : (.connect, "the connection could not be made")
        case CURLE_OPERATION_TIMEDOUT:
            (.timeout, wasAnnounced ? "no complete answer in time" : "no connection in time")
        case CURLE_SSL_CERTPROBLEM:
            (.certificate, "our client certificate or its key is not usable")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            (.certificate, "the agency's certificate is not trusted for this host")
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            (.certificate, "the pinned authorities are not usable")
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            (.certificate, "the agency's public key is not the pinned one")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED,
            CURLE_SSL_SHUTDOWN_FAILED:
            alert ?? (.tls, "the TLS handshake failed")
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND,
            CURLE_ABORTED_BY_CALLBACK:
            if let alert {
                alert
            } else if usesProxy, !wasAnnounced {
                (.proxy, "the proxy refused or closed the connection")
            } else {
                (.reset, "the connection was closed before the answer was complete")
            }
        case CURLE_FILESIZE_EXCEEDED:
            (.tooLarge, "the answer is larger than allowed")
        default:
            wasAnnounced
                ? (.malformed, "the answer is not readable as HTTP")
                : (.unsendable, "the message cannot be sent with these settings (libcurl \(code))")
        }
    }

    /// What the agency's TLS alert says, when it sent one.
    private var alert: (WireFailure.Kind, String)? {
        guard errorText.contains("alert") else { return nil }
        let isAboutUs = errorText.contains("certificate") || errorText.contains("unknown ca")
        return isAboutUs
            ? (.certificate, "the agency did not accept our client certificate")
            : (.tls, "the agency ended the TLS session with an alert")
    }
}
