internal import GerbangSchemas

/// Names of provinces, regencies and cities by code without dots, from `Schemas/regions.csv`.
enum RegionTable {
    static let names: [String: String] = {
        var names: [String: String] = [:]
        for line in GerbangSchemas.regions.split(separator: "\n").dropFirst() {
            guard let comma = line.firstIndex(of: ",") else { continue }
            let code = line[..<comma].filter { $0 != "." }
            names[code] = String(line[line.index(after: comma)...])
        }
        return names
    }()
}
