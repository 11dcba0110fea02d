import ArgumentParser
import HDF5
import NativeWeights
import ParityReport
import Recurrent
import RecurrentConventions

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes the recurrent layers of a weight file as another framework has them.",
    discussion: """
      The input is any file that inspect shows as weights, or a fixture. It is the same function that is written: what \
      the framework does not have is refused by name, and what is not there in the way it was is said. What the \
      input does not say has to be given. PyTorch, Flax and MLX get .safetensors, Keras .weights.h5 or its legacy .h5 \
      by the output's name, ONNX a model. Exit status: 0 written; 2 invalid input; 64 wrong command line.
      """)

  @Argument(help: "A weight file, or a fixture.")
  var input: SystemPath

  @Option(help: "pytorch, keras, onnx, flax or mlx.")
  var to: Convention

  @Option(name: .shortAndLong, help: "Where to write: .safetensors, .h5 or .onnx, as the framework has it.")
  var output: SystemPath

  @Option(help: "Of a fixture with several references, the one that is meant.")
  var reference: String?

  @OptionGroup var options: LayerOptionArguments

  func run() throws {
    Interruption.arm()
    let layout = WrittenFormat(to, fileName: output.description)
    do {
      let file = try WeightFile(contentsOf: input, reference: reference)
      let conversion = try file.converted(to: to, options.layers)
      let bytes = try conversion.bytes(as: layout)
      do { try OutputFile(path: output).write([StoredText(bytes)]) } catch {
        throw InputFailure("\(output.description.printable): cannot be written: \(error)")
      }
      let text = ConversionText(conversion, layout, output: output)
      try StandardOutput.write(text.lines.map { $0 + "\n" }.joined())
    } catch let error as WeightFileError {
      throw InputFailure("\(error)".printable)
    }
  }

  func validate() throws {
    let endings = WrittenFormat(to, fileName: output.description).fileEndings
    guard endings.contains(where: output.description.hasSuffix) else {
      throw ValidationError(
        "--output of \(to.rawValue) expects a name that ends in \(endings.joined(separator: " or ")), found "
          + output.description.printable)
    }
  }
}

extension Convention: ExpressibleByArgument {}
