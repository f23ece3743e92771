internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes

/// The outer form of the registry's answers.
enum Page {
    static let fields: HTTPFields = [.contentType: "application/json;charset=UTF-8"]

    /// A record in the page around it, always with HTTP 200; `used` is the count of the day's quota.
    static func of(_ record: JSONObject, used: Int?) -> ServedReply {
        var page: JSONObject = [
            "content": [.object(record)], "lastPage": true, "numberOfElements": 1, "sort": nil, "totalElements": 1,
            "firstPage": true, "number": 0, "size": 1,
        ]
        page["quotaLimiter"] = used.map { .number(JSONNumber($0)) }
        return .respond(headerFields: fields, body: JSONValue.object(page).encoded())
    }

    /// A page of the application server.
    static func html(status: Int) -> ServedReply {
        .text(
            "<!doctype html><html><head><title>Status \(status)</title></head><body><h1>Status \(status)</h1></body></html>",
            status: status,
            contentType: "text/html;charset=utf-8"
        )
    }
}
