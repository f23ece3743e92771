internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML

/// Why content cannot be what was asked for.
struct UnreadableContent: Error {
    /// The reason, without content.
    let reason: String
}

/// A booking as the agency tells of it.
struct Booking {
    /// The agency's number for it.
    let number: String
    /// The output of `transport.inspection.book`.
    let output: JSONValue
}

/// Turns the content of responses into the services' outputs.
struct OutputReader {
    let binding: TransportBinding
    /// The input of the request.
    let payload: JSONValue
    /// The reference that a booking was or would have been sent with.
    let reference: String

    /// The output of `transport.vehicle.lookup`.
    func vehicle(in wrapper: XMLElement) throws(UnreadableContent) -> JSONValue {
        // Some services have no element around the fields.
        let vehicle = child(.vehicle, of: wrapper) ?? wrapper
        let plate = try required(.plate, in: vehicle)
        guard Self.comparable(plate) == Self.comparable(payload["plate"]?.stringValue ?? "") else {
            throw UnreadableContent(reason: "the answer is about another vehicle")
        }
        guard let year = Int(try required(.year, in: vehicle)), (1900...9999).contains(year) else {
            throw UnreadableContent(reason: "the element '\(binding.name(.year))' is not a year")
        }
        var output: JSONObject = [
            "plate": .string(plate),
            "make": .string(try required(.make, in: vehicle)),
            "model": .string(try required(.model, in: vehicle)),
            "year": .number(JSONNumber(year)),
        ]
        for field in [TransportBinding.Field.colour, .fuel, .vehicleClass, .chassisNumber] {
            output[field.rawValue] = child(field, of: vehicle)?.filledText.map { .string($0) }
        }
        for field in [TransportBinding.Field.taxValidUntil, .inspectionValidUntil] {
            output[field.rawValue] = try date(field, in: vehicle).map { .string($0.description) }
        }
        return .object(output)
    }

    /// The booking that was made.
    func booking(in wrapper: XMLElement) throws(UnreadableContent) -> Booking {
        let booking = child(.booking, of: wrapper) ?? wrapper
        // Telling a citizen of somebody else's booking is worse than asking again.
        if let other = child(.clientReference, of: booking)?.filledText, other != reference {
            throw UnreadableContent(reason: "the answer is about another booking")
        }
        let number = try required(.bookingNumber, in: booking)
        guard let date = try date(.date, in: booking) else { throw missing(.date) }
        var output: JSONObject = ["bookingNumber": .string(number), "date": .string(date.description)]
        output["slot"] = child(.slot, of: booking)?.filledText.map { .string($0) }
        output["station"] = .string(try required(.station, in: booking))
        return Booking(number: number, output: .object(output))
    }

    /// The first booking with the reference; `nil` when the agency states that there is none.
    ///
    /// Only an empty response states this. One with anything else in it was not understood, and taking it for "none"
    /// would book a second time.
    func foundBooking(in wrapper: XMLElement) throws(UnreadableContent) -> Booking? {
        let bookings = wrapper.children(binding.name(.booking))
        if let first = bookings.first {
            guard child(.clientReference, of: first)?.filledText == reference else {
                throw UnreadableContent(reason: "the booking found has another reference, or none")
            }
            return try booking(in: first)
        }
        guard wrapper.firstChild == nil, wrapper.filledText == nil else {
            throw UnreadableContent(reason: "the answer has neither a booking nor nothing")
        }
        return nil
    }

    private func child(_ field: TransportBinding.Field, of element: XMLElement) -> XMLElement? {
        element.firstChild(binding.name(field))
    }

    private func required(_ field: TransportBinding.Field, in element: XMLElement) throws(UnreadableContent) -> String {
        guard let text = child(field, of: element)?.filledText else { throw missing(field) }
        return text
    }

    private func missing(_ field: TransportBinding.Field) -> UnreadableContent {
        UnreadableContent(reason: "the answer has no element '\(binding.name(field))' with a value")
    }

    /// A day as `yyyy-MM-dd`, with or without a zone or a time behind it, or as `dd-MM-yyyy`.
    private func date(_ field: TransportBinding.Field, in element: XMLElement) throws(UnreadableContent) -> CivilDate? {
        guard let text = child(field, of: element)?.filledText else { return nil }
        if let date = CivilDate(dayFirst: text) { return date }
        let rest = text.dropFirst(10)
        guard let date = CivilDate(String(text.prefix(10))),
            rest.isEmpty || rest == "Z" || rest.hasPrefix("T") || rest.hasPrefix("+") || rest.hasPrefix("-")
        else { throw UnreadableContent(reason: "the element '\(binding.name(field))' is not a day") }
        return date
    }

    /// A plate without what agencies write differently: spaces, hyphens and case.
    private static func comparable(_ plate: String) -> String {
        plate.uppercased().filter { $0 != " " && $0 != "-" }
    }
}
