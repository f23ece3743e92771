internal import GerbangCore
internal import GerbangWSSecurity

/// Keys and certificates made for these tests alone.
enum Identity {
    /// RSA with 2048 bits.
    static let agency = (certificate: agencyCertificate, key: agencyKey)
    /// RSA with 2048 bits, of somebody else.
    static let other = (certificate: otherCertificate, key: otherKey)
    /// On the curve P-256.
    static let curve = (certificate: curveCertificate, key: curveKey)

    static func signing(_ pem: (certificate: String, key: String)) throws -> SigningIdentity {
        try SigningIdentity(key: Sensitive(pem.key), certificate: PinnedCertificate(pem: pem.certificate))
    }

    static let agencyCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIDEzCCAfugAwIBAgIUbLggCwVOyVyfBaaVPmf4+YtdNrgwDQYJKoZIhvcNAQEL
        BQAwGTEXMBUGA1UEAwwOYWdlbmN5LmV4YW1wbGUwHhcNMjYxMTI4MjM1MjQ2WhcN
        NDYxMTIzMjM1MjQ2WjAZMRcwFQYDVQQDDA5hZ2VuY3kuZXhhbXBsZTCCASIwDQYJ
        KoZIhvcNAQEBBQADggEPADCCAQoCggEBALAhnCRkUZRVFZk0wd/wEp/eQWH7dDvZ
        PAxJLRTgYayHZXGbYj1n26nKeUPRyzpXxG15Yso8pTDTUSokHMhVWwxwRpTNFeZ4
        8n1tX1CU1EmgyR3Z/B8l6NzqD1WN8cIOWAswWEa/cN0lIodB6GNflBu5UxyEKg/4
        gGD5k5yE7fAmgQOCfA7NCiKfDKhFUrmF0LEmYDM9BWWqB+2r+r2KCGuewY7zfsz0
        at7qDYMAqcEDv8baVwen7U0TqNNlbnrHLRtbJfYaPwMuP7OK6QL4wfP1ZxB+Dj/G
        pZ75XJ6z3JQA+/MLWOSsA9VIZVVFlAtLyh3/kq4fHRDQdELeeoOQSv0CAwEAAaNT
        MFEwHQYDVR0OBBYEFMImOuN22t36yZsLj767y8TF7BNOMB8GA1UdIwQYMBaAFMIm
        OuN22t36yZsLj767y8TF7BNOMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEL
        BQADggEBAKQ67Ab06PCsZqRM8Zut8WU4PpoBmc6NCG60IY9O0YHJVLt8pVtfNA8d
        DnJTfSK+4urA/vJXfftqpwJ2z9MLslgPf0U6HDVKIeEhlV78yU8lZig1jtr77ncm
        REEV94GxCk8ivDcK5/ljxZseheIopiEHPKyc2MgofoaMjP0BZatT4JZarXQar7bZ
        AsWrmhG8rRIvPIY9IwIS6FpqKM7czy9vjAuykj/uDnLDIwk0HihOwZc9kenw466H
        P/Tn6/f9k76zr/Wf4XDvFq8uTpL9/kpr9HZL6BohzEWCECbZ+zaTAhU+MStTvToo
        Io2H0mTBwpdQPUnKzFUjZ+ZO0HvLSo8=
        -----END CERTIFICATE-----
        """

    static let agencyKey = """
        -----BEGIN PRIVATE KEY-----
        MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQCwIZwkZFGUVRWZ
        NMHf8BKf3kFh+3Q72TwMSS0U4GGsh2Vxm2I9Z9upynlD0cs6V8RteWLKPKUw01Eq
        JBzIVVsMcEaUzRXmePJ9bV9QlNRJoMkd2fwfJejc6g9VjfHCDlgLMFhGv3DdJSKH
        QehjX5QbuVMchCoP+IBg+ZOchO3wJoEDgnwOzQoinwyoRVK5hdCxJmAzPQVlqgft
        q/q9ighrnsGO837M9Gre6g2DAKnBA7/G2lcHp+1NE6jTZW56xy0bWyX2Gj8DLj+z
        iukC+MHz9WcQfg4/xqWe+Vyes9yUAPvzC1jkrAPVSGVVRZQLS8od/5KuHx0Q0HRC
        3nqDkEr9AgMBAAECggEARoFlylGYMIswxrAOTfEB25oyTSFGAbEvrvFaCQnbP5/B
        lY0wcclR7vF8wo/ITTYWDQay66cEL3vf+UEUfoNgm6WUM3u3YReYZmoyZgT1x/WD
        nJ4GpYdc5JYThll4Zgis6Om05Lk82mHDpSZWevUnSkPRB9DGL7d32Jn/o3+46dEt
        896hDxm/FW7/sQoWudTTBF2mh7UM1LtTJQU6469BtRbqn3HwiWWDyEMmMM5JxT1g
        8A9TOKwKftzZ4XMkqBHxohv+Ziuo/5+cykChh8XTSHMTaDIYrLkvooPMqMy8GYZE
        SaTs1fy6XQM7AOWB8T7dPESD8g+pYHos8CyLt+nQxwKBgQDZxWRHWShXMztStsbj
        3c3iKOtHvnyXgUZSxnBZ3m8lC3y/pDsIOejEdKIF7F00IIBrEcpgHl/85VSv4Z9F
        9jlWZiN345yzQet2xIo7oQHoqUUKDL1MmAA43hW6e14FV4xzmssI+c/LSUjQ5pvd
        J4hvI2pFTbLpT5Uow+2Z7FjzVwKBgQDPDO5oBT9PYDtezUnWxMWPfGl/G7U0/9ot
        dUFgd/XE7n5BB22sDPVXWNve77sGT4sZ/P3wPxiwQtPaPMyfO7fickfAZXubdnfw
        N2Eq/EzqQivjYHNNbsn1ag/XRmg4oTCX5muftyp1UDgUTT7+/XpKnjcOV9qdvJTT
        ohhEYLszywKBgQCbX8mvWj59ENGHr17yX2Ows+9CjfdJBXRORMUOabS1IqAL/7oa
        oW6hFHIxdbX+Jh5ZxiS1NZbY0ir9HiZMfWPlcBRoSp6YCzVb1NinuLWq8XKPvA0n
        499ss4+fMLwhZZiRNuUb71jBuvTYD2EvhjBC02rULZ6z9hL/NeOFierhGwKBgQDL
        UpKHeaerJgAHX6cEDaVH+0+J78aprhoti7jQp9ykL+Oxrj7Hts3yoaMAsQBC+TfL
        JIKmOv/ejzGFXTE/qSAxcjH9wGp6xwKO1YNI+Av7+1En7x4rSwFuS2IU7+IGwlt6
        v16ur+s02rrHTPfw5TADOI0uO53GSlsH3GTiOO98swKBgQCDPy6LKknsdtk+toJb
        c9wSeFrts4UOU4SjeH+bwywYwC4uBTgDt5BfT9MKFYyqUvHZghLt69A56tV+pIgb
        SMHUeYU+lOByWJrAv4g0a3ckHA5v2GyAmBUP7N5SZStuCsxLr+RNzxEHDgf2Da12
        SSnkXwRrSXo49lI/LQGflmTkLQ==
        -----END PRIVATE KEY-----
        """

    static let otherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIDETCCAfmgAwIBAgIUbxXabXaZA7ADEkoDj+6m+/tAfPQwDQYJKoZIhvcNAQEL
        BQAwGDEWMBQGA1UEAwwNb3RoZXIuZXhhbXBsZTAeFw0yNjExMjgyMzUyNDdaFw00
        NjExMjMyMzUyNDdaMBgxFjAUBgNVBAMMDW90aGVyLmV4YW1wbGUwggEiMA0GCSqG
        SIb3DQEBAQUAA4IBDwAwggEKAoIBAQDdl5bJ7NHvYYk9yI+46Gr9GqrSvzDm+18+
        ziOyk2vlu5/JivwWKntTKS1DY/xlrcF8V0VgF/h3fOQweJCN0pmLkCBgNciRKWkf
        0vS5PiBgEQJzE6GoBFyxB03RIKlu/XhqthMmqV9sr0yjgx1KTsOkNMQ958p53YTs
        MlOEWVSHxGzUQPrYcpZ8410odpHhWRxISx/Qkgng0Aom/uCk19AlTR2rY7liuxg/
        vSlwY2VhVF6iQDLupwDVYkF36x9Rc9+2fggbRkX65Zhf7cPXOCSm/buobHwXIjNu
        qdoH0OKCVQRsplnE1PmSEfpPBbBYtXEQNcXYH/diN/JYdm6I5RoDAgMBAAGjUzBR
        MB0GA1UdDgQWBBRLLomN7EMkM5Fg/ORmiycXIfBqDTAfBgNVHSMEGDAWgBRLLomN
        7EMkM5Fg/ORmiycXIfBqDTAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUA
        A4IBAQBZwnYL9re1kF05qCbykOHkdDFWgZcUvBuQJ4fKx2Jprgr727WATMZCozn/
        miIERLrHfT/06N9DdurlWas07ZMIPPkL2tfLBbruTESQdMcJ0P9WBxSHIrOE90lS
        Nza2Ul3T3CC59U855YXXZw6ZczoOTQ9KfTh3FOjb5o/+L2Zb7QFWbaExDt3e4D7M
        OrS0Gk+carrXKeT2qCU61PyNAjgXuk+SRmUp27bq2ApKJWUJifOGlKs9pEBOm4JL
        pml54qeKo8SRZiw7d2sxj59uaYkmaw1PE2c63GiadNPPzo/Y+PLpVN3muxSesmv2
        nqmFO5d+25zUNlqW9g+8LMANske1
        -----END CERTIFICATE-----
        """

    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDdl5bJ7NHvYYk9
        yI+46Gr9GqrSvzDm+18+ziOyk2vlu5/JivwWKntTKS1DY/xlrcF8V0VgF/h3fOQw
        eJCN0pmLkCBgNciRKWkf0vS5PiBgEQJzE6GoBFyxB03RIKlu/XhqthMmqV9sr0yj
        gx1KTsOkNMQ958p53YTsMlOEWVSHxGzUQPrYcpZ8410odpHhWRxISx/Qkgng0Aom
        /uCk19AlTR2rY7liuxg/vSlwY2VhVF6iQDLupwDVYkF36x9Rc9+2fggbRkX65Zhf
        7cPXOCSm/buobHwXIjNuqdoH0OKCVQRsplnE1PmSEfpPBbBYtXEQNcXYH/diN/JY
        dm6I5RoDAgMBAAECggEACkmH0A8E/gJ+rxYZCgIMOXzb8lW67PY9iTpjsN4kM7Ge
        rOodYuANAqLWPZsuNAA5i863Y0spl05+f3uRZmwhAbgqsJy+l3KfNUGDZ/go45zW
        isYeCqFNNlC6/ZrxEryEsxuJzxEs42xN+AdVvEXk0kI63A7fOQIeMiLx+qJ1CKpx
        KoRKJ1D7j0jRx6rHHCq5bdPIB8JJwBbS4I2SaerCbh60OjDy4460LQbwrjHuedrL
        WV4UgiP7If1h2siIWqnDC5XyjhJqU4kBb2DHghjdIVJw7tiurDABrxHM8xfGdPDe
        DKwTjvq6cMvj9XoCswPWWcqU5dn/WyJwh0Y4thGwCQKBgQD4iCCbb9NonXH+qXKt
        rfB1K7DjIjZYxImAF4/N9zh6KS/squqaKzl8PcRGQAwSwgYHqJXemJqUM8VU38Rw
        IKkkFPy8u76c5XavLTVHTg9IRYmwVCnpeldfvwJEvvIIEbEKOViY2r8r+nlv4Dw9
        SJPfKw4gBoUAyAJuzbyDRD/ZawKBgQDkQDlj8YIeaRDwD9FMlTHpKIhpOwQECsSV
        +gYxjxtJ9ncb+a9YI034FLnZH2CQW6I2JYJJ4lAiluI6SPEIXSqtt+MjkpswmPXV
        hNMVrvMo2XmTfNk55Xmu87nsod+FsQYAt9DTjAh5MkMIG+kHnMUxqy/rc4tLqHz6
        amUbE/pvyQKBgFQDYFJrCOISZxiZG0UOyXwyWsdNJ2X2eiysylXrvlG9Xo/4bvnS
        psoS7yh4OhyVLgikupTWrVpv7cL1KahlwgeKeK0sIhFTmD07YQlLn+rkZtkOemSM
        kMCzBwdKLPMBWAGGxSZWu80YDLj+6h4lTKdiHJJC4e8TrY7bSWBuT88lAoGBAJXe
        9dACDAYbxttaB3vZmuQVkTxHW+OrjllLyjVQWgK+qobb855T0CZMtZszVxxyjpgv
        GNWanDOaDwFmU53CTvux+pqo8O2AAispA9EBBviTk5icKaYyXyvZLQOLZlFKYz6l
        c6D0Gbw6nHj+mow9C94JIXXgcF5FS4rBwZF+FLrBAoGAb4FOJVLKdH/db6SpIGSG
        zT7AcaA2ldmzCeqA9bvyiptPyZkAbZSCSTKuLn91elyeZDyaRucYR08calGAfmTn
        mXDv6kyokZewt0QeTmOManR9n4qzsPs/Edp2ZPCF3tbIlaeba3c6q/2w5FlvQ14B
        3yPuS5xw2Rs8oNjer3s6/iM=
        -----END PRIVATE KEY-----
        """

    static let curveCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBhTCCASugAwIBAgIUKoXVpMTvUD3KB9t6TcwF7CQxc9EwCgYIKoZIzj0EAwIw
        GDEWMBQGA1UEAwwNY3VydmUuZXhhbXBsZTAeFw0yNjExMjgyMzUyNDdaFw00NjEx
        MjMyMzUyNDdaMBgxFjAUBgNVBAMMDWN1cnZlLmV4YW1wbGUwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAASjA8YqxYPPbb81uoNTvKNg+31A6NMVaGmrW8bzIkXYrDGe
        Se/J7q3PJGOZwe1z/Eth7yDeDLSY12fLG0xWLqBso1MwUTAdBgNVHQ4EFgQU0HJM
        pkgC0C+iGvXICJux4C47lSwwHwYDVR0jBBgwFoAU0HJMpkgC0C+iGvXICJux4C47
        lSwwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAm0OvpwNm3E0U
        kkTlv4fqBdeVSWpEBiqIFY8U+PCym9MCIFAwt4y81aWCEjnrkHjGq2GNDziD0Hw2
        PqSSdEst1y+q
        -----END CERTIFICATE-----
        """

    static let curveKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMV5jbK0gickU+FYt
        pLuMpWBhU0qC0DyBbuCJiII8RHihRANCAASjA8YqxYPPbb81uoNTvKNg+31A6NMV
        aGmrW8bzIkXYrDGeSe/J7q3PJGOZwe1z/Eth7yDeDLSY12fLG0xWLqBs
        -----END PRIVATE KEY-----
        """

    /// RSA with 1024 bits.
    static let weakCertificate = """
        -----BEGIN CERTIFICATE-----
        MIICCjCCAXOgAwIBAgIUX1hMAOD5hg13Oyn4CQT2Q9vOEGYwDQYJKoZIhvcNAQEL
        BQAwFzEVMBMGA1UEAwwMd2Vhay5leGFtcGxlMB4XDTI2MTEyODIzNTI0N1oXDTQ2
        MTEyMzIzNTI0N1owFzEVMBMGA1UEAwwMd2Vhay5leGFtcGxlMIGfMA0GCSqGSIb3
        DQEBAQUAA4GNADCBiQKBgQCz5s8Ugh2Th9lSGrPuNcBhVAnqpGURulWyuEKizI+q
        MIhwdJZN67FQfM/6l9VCck7YXvkEjqDL77El0T6wjUJHdtRFIebxHpgCXDOGOnAX
        y2TzSTWd/RNwNKthJUqtXipOOvo+LbeOtCPA1UHYO7B1qX5KxPMIIQqhc/YOGpZ8
        mQIDAQABo1MwUTAdBgNVHQ4EFgQUs+6VMy+L7YPTJPAI6lgsgTt8P48wHwYDVR0j
        BBgwFoAUs+6VMy+L7YPTJPAI6lgsgTt8P48wDwYDVR0TAQH/BAUwAwEB/zANBgkq
        hkiG9w0BAQsFAAOBgQCC4BorxhL+ICJ/ZTUnF4bVs34E1Pu5vnkvtelWJQln2PeV
        hdUePCd4iS7n9Lkg1byGkamDMhs6iasTexkSOBqJXtI64IETPIYuM7cLbCxHhUuO
        9HhkNLMF95wZdrM+sy+iTEvxi9vGyxPx/y+t1HDmXONFgP0s0d35sXgEODj/oA==
        -----END CERTIFICATE-----
        """

    /// The key on the curve, with a password.
    static let encryptedKey = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,4A19A021C386017C72483A189946D654

        HNC22L+q40L2jzDZ56R0e3usW/57/3bgm/RnRZbIcqCxf8lmAsyvUP7mw58OJunx
        Dhzl+jCZndgHLZzzq9XL/eBB4T+Nh24EBvu3LzPO0rF8R7yar1MEvjnryU289Z+A
        wT775xB9KyHI7uDmEz4bB1MTQdpDnoQwX0roTLIo7bY=
        -----END EC PRIVATE KEY-----
        """
}
