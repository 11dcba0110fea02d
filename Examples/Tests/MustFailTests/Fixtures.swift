/// The bundled fixtures of rnn-parity; in a package of your own, the folder that yours are in.
let fixtures = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/Fixtures/"
