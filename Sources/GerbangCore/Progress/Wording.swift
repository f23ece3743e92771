/// Puts situations into sentences: one each, in both languages, without jargon and without personal data.
package struct Wording: Sendable, Hashable {
    /// The agency's full name; `nil` when its connection is not known any more.
    package var agency: LocalizedText?
    /// The zone of civil time of the place where the citizen is.
    package var zone: Zone
    /// The present moment.
    package var now: Timestamp

    /// Creates a wording.
    package init(agency: LocalizedText?, zone: Zone, now: Timestamp) {
        self.agency = agency
        self.zone = zone
        self.now = now
    }

    /// Longer names would make sentences that no screen can hold.
    private static let longestName = 50

    /// The full name of who has to act.
    package func name(of holder: ProgressNotice.Holder.Kind) -> LocalizedText {
        switch holder {
        case .mall: LocalizedText(id: "Mal Pelayanan Publik", en: "Public service mall")
        case .gateway: LocalizedText(id: "Sistem penghubung layanan", en: "Service gateway")
        case .agency: agency ?? LocalizedText(id: "Instansi tujuan", en: "The agency")
        case .operator: LocalizedText(id: "Petugas sistem", en: "System officer")
        }
    }

    /// The sentence for a situation.
    package func sentence(for situation: Situation) -> LocalizedText {
        // An agency's own words are whole sentences already.
        if case .rejected(let texts?) = situation { return texts }
        return filled(situation.template, at: LocalWords(zone: zone, now: now).coming(situation.next ?? now))
    }

    /// The sentence about the end.
    package func sentence(for outlook: Outlook) -> LocalizedText {
        let local = LocalWords(zone: zone, now: now)
        let moment =
            switch outlook {
            case .finish(let moment): local.estimated(moment)
            case .tooLate(let deadline): local.coming(deadline)
            case .unknown: local.coming(now)
            case .done(let moment), .ended(let moment): local.past(moment)
            }
        return filled(outlook.template, at: moment)
    }

    private func filled(_ template: LocalizedText, at moment: LocalizedText) -> LocalizedText {
        LocalizedText(
            id: filled(template.indonesian, at: moment.indonesian, agency: name(.indonesian) ?? "instansi tujuan"),
            en: filled(template.english, at: moment.english, agency: name(.english) ?? "the agency")
        )
    }

    private func filled(_ template: String, at moment: String, agency: String) -> String {
        var sentence = ""
        var rest = template[...]
        while let brace = rest.firstIndex(of: "{"), let end = rest[brace...].firstIndex(of: "}") {
            sentence += rest[..<brace]
            sentence += rest[rest.index(after: brace)..<end] == "agency" ? agency : moment
            rest = rest[rest.index(after: end)...]
        }
        sentence += rest
        return sentence.prefix(1).uppercased() + sentence.dropFirst()
    }

    /// The agency within a sentence: its abbreviation if its name ends with one in brackets; no name that is too long.
    private func name(_ language: Language) -> String? {
        guard let full = agency?[language] else { return nil }
        var name = full[...]
        if name.last == ")", let bracket = name.lastIndex(of: "(") {
            name = name[name.index(after: bracket)...].dropLast()
        }
        return name.isEmpty || name.count > Self.longestName ? nil : String(name)
    }
}
