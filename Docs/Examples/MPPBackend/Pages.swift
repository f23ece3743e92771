import Gerbang

/// The pages, in Indonesian: plain HTML that works without scripts, with a screen reader and on an old phone.
enum Pages {
    /// The form, with what was typed and what was wrong with it.
    static func form(_ form: IdentityForm = IdentityForm(), error: GerbangError? = nil) -> HTML {
        let problem: HTML? = error.map {
            """
            <p class="masalah" role="alert" id="masalah">\($0.citizenText[.indonesian])</p>
            """
        }
        func state(of field: String) -> HTML? {
            error?.field?.tokens.last == field ? " aria-invalid=\"true\" aria-errormessage=\"masalah\"" : nil
        }
        return page(
            "Cek data kependudukan",
            """
            <p>Isi NIK dan nama lengkap persis seperti pada KTP elektronik. Kami hanya memeriksa apakah keduanya sesuai.</p>
            \(problem)
            <form method="post" action="/permohonan">
            <input type="hidden" name="kunci" value="\(form.key)">
            <label for="nik">NIK</label>
            <input id="nik" name="nik" value="\(form.nik)" inputmode="numeric" pattern="[0-9]{16}" maxlength="16"
                required autocomplete="off" aria-describedby="nik-petunjuk"\(state(of: "nik"))>
            <p class="petunjuk" id="nik-petunjuk">16 angka, tanpa spasi.</p>
            <label for="nama">Nama lengkap</label>
            <input id="nama" name="nama" value="\(form.name)" maxlength="200" required autocomplete="off"\(state(of: "name"))>
            <button>Periksa</button>
            </form>
            """
        )
    }

    /// Where a request is; the page loads itself again until the request has ended.
    static func request(_ status: RequestStatus) -> HTML {
        let notice = status.progress
        guard status.state.isFinal else {
            return page(
                "Permohonan Anda sedang diproses",
                """
                <div role="status">
                <p class="keadaan">\(notice.texts[.indonesian])</p>
                <dl>
                <dt>Sekarang di tangan</dt><dd>\(notice.holder.name[.indonesian])</dd>
                <dt>Perkiraan</dt><dd>\(notice.expectedFinishTexts[.indonesian])</dd>
                </dl>
                </div>
                <p>Halaman ini memperbarui diri. Anda boleh menutupnya dan kembali lagi nanti; permohonan Anda tidak hilang.</p>
                <form method="post" action="/permohonan/\(status.id.description)/batal"><button class="kecil">Batalkan</button></form>
                """,
                refresh: true
            )
        }
        return page(
            "Hasil pemeriksaan",
            """
            <p class="keadaan" role="status">\(result(of: status))</p>
            <p class="petunjuk">Nomor permohonan: \(status.id.description)</p>
            <p><a href="/">Periksa data lain</a></p>
            """
        )
    }

    /// An error that has no better place.
    static func problem(_ error: GerbangError) -> HTML {
        page(
            "Maaf",
            """
            <p class="masalah" role="alert">\(error.citizenText[.indonesian])</p>
            <p><a href="/">Kembali ke formulir</a></p>
            """
        )
    }

    private static func result(of status: RequestStatus) -> String {
        guard status.state == .succeeded else { return status.progress.texts[.indonesian] }
        return status.output?["matches"]?.boolValue == true
            ? "NIK dan nama sesuai dengan data kependudukan."
            : "NIK dan nama tidak sesuai dengan data kependudukan. Mohon periksa lagi penulisannya."
    }

    private static func page(_ title: String, _ content: HTML, refresh: Bool = false) -> HTML {
        let reload: HTML? = refresh ? "<meta http-equiv=\"refresh\" content=\"1\">" : nil
        return """
            <!doctype html>
            <html lang="id">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            \(reload)
            <title>\(title) – MPP Digital</title>
            <link rel="stylesheet" href="/gaya.css">
            </head>
            <body>
            <header>Mal Pelayanan Publik Digital</header>
            <main>
            <h1>\(title)</h1>
            \(content)
            </main>
            </body>
            </html>

            """
    }

    static let style = """
        :root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }
        body { margin: 0 auto; max-width: 34rem; padding: 1rem }
        header { border-bottom: 2px solid; padding-bottom: .5rem; font-weight: 600 }
        label, dt { display: block; font-weight: 600; margin-top: 1rem }
        dd { margin: 0 }
        input { box-sizing: border-box; width: 100%; font: inherit; padding: .5rem }
        button { font: inherit; margin-top: 1.5rem; padding: .6rem 1.5rem }
        .kecil { font-size: .9rem }
        .petunjuk { margin: .25rem 0 0; opacity: .8 }
        .keadaan { font-size: 1.25rem }
        .masalah { border-left: .3rem solid #c00; padding-left: .75rem }
        :focus-visible { outline: 3px solid #06c; outline-offset: 2px }

        """
}
