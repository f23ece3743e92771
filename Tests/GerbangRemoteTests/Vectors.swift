/// Proofs that were made with another implementation of RFC 8032 and RFC 2104.
enum Vectors {
    static let signature =
        "R8ehVuDDpI0bCIeU3g29ZehAFWZbP3G9qlWPPW+gAAh+i8ox72hyUa7cb5oO+qbjCutvsG68Bux4b5mVWdb4Dg=="
    static let code = "pIlzTwDouGmnHB2TO0WshghprAmoFHTUP8xQP4Jr6XI="
    static let answerCode = "byUdrmfUxbGowf8RJOlHwCBd5UFe+u++krpYaC37T/4="
}
