import GerbangJSON
import Synchronization

/// What the agency has anyway: its bookings. Here they are in memory; a real one has them in its database.
final class InspectionOffice: Sendable {
    private let bookings = Mutex<[String: JSONValue]>([:])

    /// Books an inspection, under the gateway's key for the request.
    func book(_ payload: JSONValue, key: String) -> JSONValue {
        bookings.withLock { bookings in
            let booking: JSONValue = [
                "bookingNumber": .string("KIR-\(bookings.count + 1)"),
                "date": payload["date"] ?? nil,
                "station": payload["station"] ?? nil,
            ]
            bookings[key] = booking
            return booking
        }
    }

    /// What was booked under a key.
    func booking(_ key: String) -> JSONValue? { bookings.withLock { $0[key] } }

    /// How many bookings there are.
    var count: Int { bookings.withLock { $0.count } }
}

/// What the adapter knows of its agency: answers to the gateway's questions.
struct InspectionDesk: Sendable {
    let office: InspectionOffice

    /// Answers one question; `nil` when there is no such one.
    func answer(to path: String, _ call: JSONValue) -> JSONObject? {
        let key = call["key"]?.stringValue ?? ""
        switch path {
        case "/call":
            let booking = office.book(call["payload"] ?? [:], key: key)
            return ["verdict": ["kind": "succeeded", "output": booking]]
        case "/inquire":
            guard let booking = office.booking(key) else { return ["finding": ["kind": "notDone"]] }
            return ["finding": ["kind": "done", "output": booking]]
        default:
            return nil
        }
    }
}
