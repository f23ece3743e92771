internal import GerbangCore
internal import GerbangJSON

extension Terminal {
    /// Writes lines to standard output.
    func print(_ lines: [String]) {
        for line in lines { print(line) }
    }

    /// Writes a document as it came, indented.
    func print(_ json: JSONValue) {
        print(json.text(.pretty))
    }

    /// Writes a document as it came, on one line.
    func printLine(_ json: JSONValue) {
        print(json.text(.compact))
    }

    /// The writer of single requests.
    func card(showsAnswer: Bool) -> RequestCard {
        RequestCard(style: style, showsAnswer: showsAnswer, now: SystemClock().now())
    }
}
