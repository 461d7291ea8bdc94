// The certificates of NIST's beacon that the page knows, by the SHA-512 of their DER.

/** RSA modulus and exponent; the times, Unix seconds, between which the key signs. */
export const CERTIFICATES = {
  "5501e3d72bc42f3b96e16de4dcadcb16768e109662bd16d667d5fd9aee585af31bbdc5dd4f53592276064b53dddd76c8f3604b2a41db6e09f78f82bb5d6569e7":
    {
      since: 1515542400,
      until: 1547208000,
      exponent: 65537n,
      modulus: BigInt(
        "0xea75b8440df04e0b30a35ba70a0522a4925f2973bbfa5430c8db5540b397cec9" +
          "94684b07d6b4773d62456860168d4df994056e50f2159b93ae557ed0b39e3105" +
          "21ad3995d304fc0046292910285c82dc42ec138f9e9e433523d1093adf5d0921" +
          "fd7529b3c2315ff02fdfc611aa6046ad1fc19e9ee43f15b53bb218a2822a8750" +
          "953d492559b6b1f8a95eecce670805dfd5cd54e02c58a917c9e5e84a1270421d" +
          "80e0be666468d0b2df07fba5513ee2697bb307418fa1c323c24e327c98073641" +
          "e2b6018ca03358195cf8b14d100ad4120178e3bf000c6fe133181574f198f6a8" +
          "d30400d29772f751440df8d2dde80ba3db99e5beef0f88468d2da3c02a854952" +
          "0286e6b72ea9394cf290476183f83a14a3a8c101332599211ddd7fec587b5d11" +
          "ef73a10acf9b6300ff9ce4c50ff678ba3b637abb3acd6e6f78a742661a4e83c0" +
          "95564b403597b33fc6338ddda64dd9fd994a57b3bab061f4605610d9e21d4b06" +
          "fe238976d8dbf9513c542afe2772ed9fad827db814e1a5be5dbc07b59abe8ed2" +
          "f37f654a807a5e3382ca0b38106e149b24dbae3429b689bf0f692fdffa4cfea7" +
          "d0fc45dfea4dee3fc34ddaf9ba9944172a97c2bb9fbdf2b13fabe7de68a2ce80" +
          "42e8e3e2b80e1d4edbc990cb4466cc1cf868c783830ddee260684c1dc7d47b3e" +
          "c5609174ccd41a7c4b7b8993fa53f3e282d3e88b794934f2dc8a36cd705352a3",
      ),
    },
};
