/// Rows and columns for people: columns as wide as their widest cell, two spaces between them.
struct Table: Sendable {
    /// On which side of a column its cells stand.
    enum Alignment: Sendable {
        case left
        case right
    }

    /// The head of a column.
    struct Column: Sendable {
        var title: String
        var alignment = Alignment.left
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// Creates an empty table.
    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Creates an empty table with columns that are aligned left.
    init(_ titles: String...) {
        self.init(titles.map { Column(title: $0) })
    }

    /// Adds a row; missing cells are empty, left-over ones are dropped, and cells may be coloured.
    mutating func add(_ cells: [String]) {
        rows.append((0..<columns.count).map { $0 < cells.count ? cells[$0] : "" })
    }

    /// The table as lines, without trailing spaces.
    func lines(_ style: Style) -> [String] {
        let head = columns.map { style.ink($0.title.uppercased(), .bold) }
        let all = [head] + rows
        let widths = columns.indices.map { column in all.map { Printable.width($0[column]) }.max() ?? 0 }
        return all.map { cells in
            var line = ""
            for (index, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - Printable.width(cell))
                let gap = index == 0 ? "" : "  "
                line += columns[index].alignment == .left ? gap + cell + padding : gap + padding + cell
            }
            return line.trimmingTrailingSpaces
        }
    }
}

/// Names and values, one a line, the values below each other.
struct FieldList: Sendable {
    private var fields: [(name: String, value: String)] = []

    /// Adds a field unless it has no value.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        fields.append((name, value))
    }

    /// The fields as lines; the lines of a long value stand below each other.
    func lines(_ style: Style, indent: Int = 0) -> [String] {
        let width = fields.map(\.name.count).max() ?? 0
        let margin = String(repeating: " ", count: indent)
        return fields.flatMap { field in
            let name = field.name + String(repeating: " ", count: width - field.name.count)
            let parts = field.value.split(separator: "\n", omittingEmptySubsequences: false)
            return parts.enumerated().map { index, part in
                let label = index == 0 ? style.ink(name, .faint) : String(repeating: " ", count: width)
                return "\(margin)\(label)  \(part)".trimmingTrailingSpaces
            }
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self[...]
        while text.hasSuffix(" ") { text.removeLast() }
        return String(text)
    }
}
