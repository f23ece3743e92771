internal import Synchronization

/// The businesses and permits that the simulated system knows; all of them are invented.
final class LicensingRegister: Sendable {
    struct Business: Sendable {
        var nib: String
        var ossID: String
        var npwp: String
        var name: String
        /// `status_nib`.
        var status: String
        /// The village of its seat, 10 digits.
        var village: String
    }

    struct Permit: Sendable {
        var id: String
        var nib: String
        var ossID: String
        var projectID: String
        var code: String
        var kbli: String
        var risk: String
        var name: String
        /// Where it is asked for, 10 digits.
        var region: String
        /// The codes of every status, the oldest first.
        var history: [String]
        var number = ""
        var issuedOn = ""
        var attachment = ""
    }

    private struct State: Sendable {
        var permits: [String: Permit]
        var serial = 0
    }

    private let state: Mutex<State>

    init(applications: Int) {
        var permits = Dictionary(uniqueKeysWithValues: Self.permits.map { ($0.id, $0) })
        for number in 0..<applications {
            var permit = Self.permits[0]
            permit.id = Self.application(number + 1)
            permits[permit.id] = permit
        }
        state = Mutex(State(permits: permits))
    }

    static func application(_ number: Int) -> String {
        let digits = String(number)
        return "I-20240116" + String(repeating: "0", count: max(0, 13 - digits.utf8.count)) + digits
    }

    func business(nib: String) -> Business? { Self.businesses.first { $0.nib == nib } }

    func business(npwp: String) -> Business? {
        Self.businesses.first { $0.npwp == npwp || "0\($0.npwp)" == npwp }
    }

    /// The permits of a business, by identifier.
    func permits(of nib: String) -> [Permit] {
        state.withLock { $0.permits.values.filter { $0.nib == nib } }.sorted { $0.id < $1.id }
    }

    func permit(_ id: String) -> Permit? { state.withLock { $0.permits[id] } }

    /// Changes a permit and gives the change a number; `nil` when there is no such permit.
    @discardableResult
    func change(_ id: String, _ body: (inout Permit) -> Void) -> Int? {
        state.withLock { state in
            guard var permit = state.permits[id] else { return nil }
            body(&permit)
            state.permits[id] = permit
            state.serial += 1
            return state.serial
        }
    }

    private static let businesses = [
        Business(
            nib: "1234567890123",
            ossID: "P02-202401150000000000001",
            npwp: "001234567017000",
            name: "PT CONTOH MAJU",
            status: "01",
            village: "3174011001"
        ),
        Business(
            nib: "0220001234567",
            ossID: "P02-202401150000000000002",
            npwp: "001234568017000",
            name: "CV TELADAN JAYA",
            status: "04",
            village: "3273011001"
        ),
        Business(
            nib: "9120001234567",
            ossID: "P02-202401150000000000003",
            npwp: "001234569017000",
            name: "UD UMPAMA SENTOSA",
            status: "05",
            village: "5171011001"
        ),
    ]

    private static let permits = [
        Permit(
            id: "I-202401150000000000001",
            nib: "1234567890123",
            ossID: "P02-202401150000000000001",
            projectID: "R-202401150000000000001",
            code: "022000000001",
            kbli: "49424",
            risk: "MT",
            name: "Angkutan Bermotor untuk Barang Khusus",
            region: "3174000000",
            history: ["10"]
        ),
        Permit(
            id: "I-202401150000000000002",
            nib: "1234567890123",
            ossID: "P02-202401150000000000001",
            projectID: "R-202401150000000000002",
            code: "022000000002",
            kbli: "56101",
            risk: "R",
            name: "Sertifikat Standar Rumah Makan",
            region: "3174010000",
            history: ["09"]
        ),
        Permit(
            id: "I-202401150000000000003",
            nib: "0220001234567",
            ossID: "P02-202401150000000000002",
            projectID: "R-202401150000000000003",
            code: "022000000001",
            kbli: "49431",
            risk: "T",
            name: "Angkutan Bermotor untuk Barang Umum",
            region: "3273000000",
            history: ["10", "40"]
        ),
    ]
}
