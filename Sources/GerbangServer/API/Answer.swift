internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// What a call is answered with.
struct Answer: Sendable {
    static let jsonType = "application/json"

    var status: Int
    var mediaType: String
    var body: [UInt8]
    var fields: HTTPFields = [:]
    /// What is written instead of a body that is known beforehand.
    var stream: EventStream?
    /// The request that the call was about, for the log.
    var request: RequestID?

    init(status: Int = 200, json: JSONValue, mediaType: String = Answer.jsonType) {
        self.init(status: status, body: json.encoded(), mediaType: mediaType)
    }

    init(_ stream: EventStream) {
        self.init(body: [], mediaType: EventStream.mediaType)
        self.stream = stream
        request = stream.request
    }

    init(status: Int = 200, body: [UInt8], mediaType: String) {
        self.status = status
        self.body = body
        self.mediaType = mediaType
    }
}
