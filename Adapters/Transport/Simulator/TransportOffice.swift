package import GerbangCore
package import GerbangTesting
internal import Synchronization

/// What the agency knows and does, whatever language it is asked in.
package final class TransportOffice: Sendable {
    /// A booked appointment.
    package struct Booking: Sendable, Hashable {
        /// The reference that the client sent.
        package var clientReference: String
        /// The agency's number.
        package var number: String
        /// The vehicle's plate.
        package var plate: String
        /// The station.
        package var station: String
        /// The day.
        package var date: CivilDate
        /// The time of day.
        package var slot: String
    }

    /// A decision against a request.
    package struct Decision: Error, Sendable, Hashable {
        /// The agency's code.
        package var code: String
        /// The explanation for people.
        package var text: String
    }

    private struct Day: Hashable {
        var station: String
        var date: CivilDate
    }

    private struct State {
        var bookings: [String: [Booking]] = [:]
        var slots: [Day: Int] = [:]
        var count = 0
    }

    /// Every booking that was made.
    package let ledger = Ledger()

    private let clock: any WallClock
    private let slotsPerDay: Int
    private let state = Mutex(State())

    /// Opens the office.
    package init(clock: any WallClock, slotsPerDay: Int) {
        self.clock = clock
        self.slotsPerDay = slotsPerDay
    }

    /// Looks a vehicle up.
    package func vehicle(_ plate: String) throws(Decision) -> Vehicle {
        guard let vehicle = Vehicle.register[plate] else {
            throw Decision(code: "VEHICLE_NOT_FOUND", text: "Kendaraan tidak terdaftar")
        }
        return vehicle
    }

    /// Makes a booking; never asks whether there is one with this reference.
    package func book(_ reference: String, plate: String, station: String, date: String) throws(Decision) -> Booking {
        guard let date = CivilDate(date), !reference.isEmpty else {
            throw Decision(code: "INPUT_INVALID", text: "Data permohonan tidak lengkap")
        }
        _ = try vehicle(plate)
        guard Self.stations.contains(station) else {
            throw Decision(code: "STATION_NOT_FOUND", text: "Tempat uji tidak dikenal")
        }
        let today = clock.now().date(in: .wib)
        guard (0...365).contains(date.daysSinceEpoch - today.daysSinceEpoch) else {
            throw Decision(code: "DATE_NOT_POSSIBLE", text: "Tanggal tidak dapat dipesan")
        }
        let day = Day(station: station, date: date)
        let limit = station == Self.fullStation ? 0 : slotsPerDay
        let booking: Booking? = state.withLock { state in
            let taken = state.slots[day, default: 0]
            guard taken < limit else { return nil }
            state.slots[day] = taken + 1
            state.count += 1
            let booking = Booking(
                clientReference: reference,
                number: "KIR-\(date.year)-\(Padding.zeros(state.count, 6))",
                plate: plate,
                station: station,
                date: date,
                slot: Self.time(ofSlot: taken)
            )
            state.bookings[reference, default: []].append(booking)
            ledger.record(Ledger.Entry(key: reference, operation: "book-inspection", reference: booking.number))
            return booking
        }
        guard let booking else {
            throw Decision(code: "STATION_FULL", text: "Kuota tempat uji sudah penuh")
        }
        return booking
    }

    /// All bookings that were made with a reference.
    package func bookings(for reference: String) -> [Booking] {
        state.withLock { $0.bookings[reference] ?? [] }
    }

    private static let fullStation = "JKT-PENUH"
    private static let stations: Set<String> = [
        "JKT-PULOGADUNG", "JKT-UJUNGMENTENG", "BDG-GEDEBAGE", "SBY-TANDES", fullStation,
    ]

    /// Five minutes each from eight to four, then from the start again: several lanes work side by side.
    private static func time(ofSlot index: Int) -> String {
        let minutes = 8 * 60 + index % 96 * 5
        return "\(Padding.zeros(minutes / 60, 2)):\(Padding.zeros(minutes % 60, 2))"
    }
}

/// A registered vehicle; all are invented.
package struct Vehicle: Sendable, Hashable {
    /// The plate.
    package var plate: String
    /// Names and values in the order of the schema, the plate among them.
    package var fields: [Field]

    /// One fact about a vehicle.
    package struct Field: Sendable, Hashable {
        /// The element's name.
        package var name: String
        /// The value.
        package var value: String
    }

    /// All vehicles by plate.
    package static let register: [String: Vehicle] = {
        let names = [
            "plate", "make", "model", "year", "colour", "fuel", "vehicleClass", "chassisNumber", "taxValidUntil",
            "inspectionValidUntil",
        ]
        let rows = [
            "B 1234 XYZ|Toyota|Avanza 1.3 G|2019|Hitam|Bensin|Mobil penumpang|MHCONTOH000000001|2027-03-14|",
            "B 9012 TRK|Hino|Dutro 130 HD|2017|Hijau|Solar|Mobil barang|MHCONTOH000000002|2026-12-01|2026-12-20",
            "B 7001 BUS|Mercedes-Benz|OH 1626|2015|Putih|Solar|Mobil bus|MHCONTOH000000003|2027-01-30|2027-01-15",
            "D 4321 ABC|Daihatsu|Gran Max|2021|Perak|Bensin|Mobil barang|MHCONTOH000000004|2027-06-06|2027-05-11",
            "L 2345 QR|Honda|Beat|2022|Merah|Bensin|Sepeda motor|MHCONTOH000000005|2027-08-17|",
            "AB 1 CD|Wuling|Air ev|2023|Putih|Listrik|Mobil penumpang||2027-02-02|",
        ]
        return rows.reduce(into: [:]) { register, row in
            let values = row.split(separator: "|", omittingEmptySubsequences: false).map { String($0) }
            let fields = zip(names, values).filter { !$1.isEmpty }.map { Field(name: $0, value: $1) }
            register[values[0]] = Vehicle(plate: values[0], fields: fields)
        }
    }()
}
