internal import GerbangCore
internal import GerbangSchemas
internal import Testing

@Suite("Regions")
struct RegionTests {
    /// Codes with dots and names of the official table.
    private static let table: [(code: String, name: String)] = GerbangSchemas.regions.split(separator: "\n").dropFirst()
        .map { line in
            let parts = line.split(separator: ",", maxSplits: 1)
            return (String(parts[0]), String(parts[1]))
        }

    @Test("the table has 38 provinces and 514 regencies and cities")
    func table() {
        #expect(Self.table.filter { $0.code.utf8.count == 2 }.count == 38)
        #expect(Self.table.filter { $0.code.utf8.count == 5 }.count == 514)
        #expect(Self.table.count == 552)
        #expect(Set(Self.table.map(\.code)).count == 552)
    }

    @Test("every code of the table is read in every form and written with dots")
    func everyCode() throws {
        for (code, name) in Self.table {
            let digits = code.filter { $0 != "." }
            let padded = digits + String(repeating: "0", count: 10 - digits.count)
            for form in [code, digits, padded] {
                let region = try Region(form)
                #expect(region.digits == digits)
                #expect(region.description == code)
                #expect(region.name == name)
                #expect(!name.isEmpty && !name.hasSuffix("\r"))
            }
            #expect(try Region(code).isWithin(.nation))
            #expect(try Region(code).isWithin(Region(String(digits.prefix(2)))))
        }
    }

    @Test(
        "districts and villages are read by their form",
        arguments: [
            ("31.74.01", "317401", "31.74.01"), ("317401", "317401", "31.74.01"), ("3174010000", "317401", "31.74.01"),
            ("3174011001", "3174011001", "31.74.01.1001"), ("31.74.01.1001", "3174011001", "31.74.01.1001"),
            ("96.71.01", "967101", "96.71.01"),
        ]
    )
    func deeper(text: String, digits: String, written: String) throws {
        let region = try Region(text)
        #expect(region.digits == digits)
        #expect(region.description == written)
        #expect(try Region(region.description) == region)
        #expect(try region.name == Region(String(digits.prefix(4))).name)
    }

    @Test("the nation is ID", arguments: ["ID", "id", "Id"])
    func nation(text: String) throws {
        let region = try Region(text)
        #expect(region == .nation)
        #expect(region.digits.isEmpty)
        #expect(region.description == "ID")
        #expect(region.name == nil)
    }

    @Test(
        "what is no code or not in the table is refused",
        arguments: [
            "", " ", "I", "IDN", "3", "317", "31740", "3174011", "31740110", "317401100", "31740110011", "00", "20",
            "97",
            "99", "3100", "3170", "3199", "310000", "319901", "0000000000", "9900000000", " 31", "31 ", "31,74",
            "31-74",
            "31/74", "３１", "٣١", "3a", "31\n", "+1", "-1", "31.74.01.1001.1", "DKI Jakarta",
        ]
    )
    func bad(text: String) {
        #expect(failure { () throws(GerbangError) in _ = try Region(text) }?.code == .unknownRegion)
    }

    @Test(
        "dots stand between the levels or not at all",
        arguments: [
            ".", "..", "3.1", "31.", ".31", "3.174", "31.7.4", "31..74", "3174.", "31.7401", "3174.01", "31.74.011001",
        ]
    )
    func misplacedDots(text: String) {
        #expect(failure { () throws(GerbangError) in _ = try Region(text) }?.code == .unknownRegion)
    }

    @Test("a region lies within itself and what is above it, not beside or below")
    func within() throws {
        let (province, city, district) = (try Region("31"), try Region("31.74"), try Region("31.74.01"))
        #expect(district.isWithin(city) && district.isWithin(province) && district.isWithin(district))
        #expect(!province.isWithin(city) && !city.isWithin(district))
        #expect(try !city.isWithin(Region("31.71")) && !city.isWithin(Region("32")))
        #expect(!Region.nation.isWithin(province) && Region.nation.isWithin(.nation))
    }

    @Test("every province has its own zone of civil time")
    func zones() throws {
        let zones: [(Zone, [String])] = [
            // Sumatera, Jawa, Kalimantan Barat and Tengah.
            (
                .wib,
                [
                    "11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36",
                    "61", "62",
                ]
            ),
            // Bali, Nusa Tenggara, Kalimantan Selatan, Timur and Utara, Sulawesi.
            (.wita, ["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"]),
            // Maluku and Papua.
            (.wit, ["81", "82", "91", "92", "93", "94", "95", "96"]),
        ]
        #expect(zones.flatMap(\.1).count == 38)
        for (code, _) in Self.table {
            let expected = try #require(zones.first { $0.1.contains(String(code.prefix(2))) })
            #expect(try Region(code).zone == expected.0, "\(code)")
        }
        #expect(Region.nation.zone == .wib)
        #expect(try Region("64.72.01.1001").zone == .wita)
    }

    @Test("well-known names stand at their codes")
    func names() throws {
        #expect(try Region("31").name?.contains("Jakarta") == true)
        #expect(try Region("61").name == "Kalimantan Barat")
        #expect(try Region("63").name == "Kalimantan Selatan")
        #expect(try Region("51.71").name?.contains("Denpasar") == true)
    }
}
