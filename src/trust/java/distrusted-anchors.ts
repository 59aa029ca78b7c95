/*
 * Anchors of certification authorities that OpenJDK distrusts for TLS servers (sun.security.validator.CADistrustPolicy),
 * by SHA-256 of the certificate. The comment behind each is its alias in the JDK's cacerts.
 */

/** Symantec, GeoTrust, Thawte and VeriSign roots. */
export const SYMANTEC_ANCHORS: readonly string[] = [
  "ff856a2d251dcd88d36656f450126798cfabaade40799c722de4d2b5db36a73a", // geotrustglobalca
  "37d51006c512eaab626421f1ec8c92013fc5f82ae98ee533eb4619b8deb4d06c", // geotrustprimaryca
  "5edb7ac43b82a06a8761e8d7be4979ebf2611f7dd79bf91c1c6b566a219ed766", // geotrustprimarycag2
  "b478b812250df878635c2aa7ec7d155eaa625ee82916e2cd294361886cd1fbd4", // geotrustprimarycag3
  "a0459b9f63b22559f5fa5d4c6db3f9f72ff19342033578f073bf1d1b46cbb912", // geotrustuniversalca
  "8d722f81a9c113c0791df136a2966db26c950a971db46b4199f4ea54b78bfb9f", // thawteprimaryrootca
  "a4310d50af18a6447190372a86afaf8b951ffb431d837f1e5688b45971ed1557", // thawteprimaryrootcag2
  "4b03f45807ad70f21bfc2cae71c9fde4604c064cf5ffb686bae5dbaad7fdd34c", // thawteprimaryrootcag3
  "3f9f27d583204b9e09c8a3d2066c4b57d3a2479c3693650880505698105dbce9", // thawtepremiumserverca
  "3a43e220fe7f3ea9653d1e21742eac2b75c20fd8980305bc502caf8c2d9b41a1", // verisignclass2g2ca
  "a4b6b3996fc2f306b3fd8681bd63413d8c5009cc4fa329c2ccf0e2fa1b140305", // verisignclass3ca
  "83ce3c1229688a593d485f81973c0f9195431eda37cc5e36430e79c7a888638b", // verisignclass3g2ca
  "eb04cf5eb1f39afa762f2bb120f296cba520c1b97db1589565b81cb9a17b7244", // verisignclass3g3ca
  "69ddd7ea90bb57c93e135dc85ea6fcd5480b603239bdc454fc758b2a26cf7f79", // verisignclass3g4ca
  "9acfab7e43c8d880d06b262a94deeee4b4659989c3d0caf19baf6405e41ab7df", // verisignclass3g5ca
  "2399561127a57125de8cefea610ddf2fa078b5c8067f4e828290bfb860e84b3c", // verisignuniversalrootca
];

/** Entrust roots. */
export const ENTRUST_ANCHORS: readonly string[] = [
  "73c176434f1bc6d5adf45b0e76e727287c8de57616c1e6e6141a2b2cbc7d8e4c", // entrustevca
  "02ed0eb28c14da45165c566791700d6451d7fb56f0b2ab1d3b8eb070e56edff5", // entrustrootcaec1
  "43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339", // entrustrootcag2
  "db3517d1f6732a2d5ab97c533ec70779ee3270a62fb4ac4238372460e6f01e88", // entrustrootcag4
  "6dc47172e01cbcb0bf62580d895fe2b8ac9ad4f873801e0c10b9c837d21eb177", // entrust2048ca
];

/** AffirmTrust roots, which release 11.0.25 counts as Entrust. */
export const AFFIRMTRUST_ANCHORS: readonly string[] = [
  "0376ab1d54c5f9803ce4b2e201a0ee7eef7b57b636e8a93c9b8d4860c96f5fa7", // affirmtrustcommercialca
  "0a81ec5a929777f145904af38d5d509f66b5e2c58fcdb531058b0e17f3f0b41b", // affirmtrustnetworkingca
  "70a73f7f376b60074248904534b11482d5bf0e698ecc498df52577ebf2e93b9a", // affirmtrustpremiumca
  "bd71fdf6da97e4cf62d1647add2581b07d79adf8397eb4ecba9c5e8488821423", // affirmtrustpremiumeccca
];

/** Camerfirma root. */
export const CAMERFIRMA_ANCHORS: readonly string[] = [
  "063e4afac491dfd332f3089b8542e94617d893d7fe944e10a7937ee29d9693c0", // camerfirmachambersca
];

/** Chunghwa Telecom root. */
export const CHUNGHWA_ANCHORS: readonly string[] = [
  "c0a6f4dc63a24bfdcf54ef2a6a082a0a72de35803e2ff5ff527ae5d87206dfd5", // chunghwaepkirootca
];
