internal import CCurl

/// One libcurl transfer object with the buffer for its error text; used on the driver thread only.
final class EasyHandle {
    let raw: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutablePointer<CChar>
    /// The first option that could not be set since the last reset.
    private(set) var refusal: CURLcode?

    init?() {
        guard let raw = curl_easy_init() else { return nil }
        self.raw = raw
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(raw)
        errorBuffer.deallocate()
    }

    /// Forgets every option of the transfer before.
    func reset() {
        curl_easy_reset(raw)
        refusal = nil
        errorBuffer[0] = 0
        note(ccurl_set_pointer(raw, CURLOPT_ERRORBUFFER, errorBuffer))
    }

    var errorText: String { String(cString: errorBuffer) }
    var responseStatus: Int { ccurl_info_long(raw, CURLINFO_RESPONSE_CODE) }
    var requestBytes: Int { ccurl_info_long(raw, CURLINFO_REQUEST_SIZE) }

    func set(_ option: CURLoption, _ value: Int) {
        note(ccurl_set_long(raw, option, value))
    }

    /// Sets a text, which libcurl copies.
    func set(_ option: CURLoption, _ value: String?) {
        note(ccurl_set_string(raw, option, value))
    }

    /// Sets bytes, which libcurl copies.
    func set(_ option: CURLoption, blob: [UInt8]) {
        note(blob.withUnsafeBytes { ccurl_set_blob(raw, option, $0.baseAddress, $0.count) })
    }

    func set(_ option: CURLoption, offset: Int) {
        note(ccurl_set_offset(raw, option, curl_off_t(offset)))
    }

    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) {
        note(ccurl_set_pointer(raw, option, pointer))
    }

    /// Sets a list, which must outlive the transfer; `nil` is one that could not be made.
    func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) {
        note(list == nil ? CURLE_OUT_OF_MEMORY : ccurl_set_list(raw, option, list))
    }

    func set(_ option: CURLoption, receiver: curl_write_callback) {
        note(ccurl_set_receiver(raw, option, receiver))
    }

    func set(reader: curl_read_callback) {
        note(ccurl_set_reader(raw, reader))
    }

    func set(seeker: curl_seek_callback) {
        note(ccurl_set_seeker(raw, seeker))
    }

    func set(prerequest: curl_prereq_callback) {
        note(ccurl_set_prerequest(raw, prerequest))
    }

    func set(socketOpener: curl_opensocket_callback) {
        note(ccurl_set_socket_opener(raw, socketOpener))
    }

    /// Gives the body, which libcurl copies.
    func set(body: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
        note(
            body.withUnsafeBytes { bytes in
                // An empty array may have no address, which libcurl would take for "read the body elsewhere".
                bytes.isEmpty
                    ? ccurl_set_string(raw, CURLOPT_COPYPOSTFIELDS, "")
                    : ccurl_set_pointer(
                        raw,
                        CURLOPT_COPYPOSTFIELDS,
                        UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                    )
            }
        )
    }

    private func note(_ code: CURLcode) {
        if code != CURLE_OK, refusal == nil {
            refusal = code
        }
    }
}
