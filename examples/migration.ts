/**
 * One program on both clients. In your own code the change is the import line; here both are imported to run
 * side by side.
 */
import * as official from "@aws-sdk/client-sagemaker-runtime";
import * as holdfast from "holdfast";

/** What the program needs of either package. */
interface Library<Command> {
  InvokeEndpointCommand: new (input: official.InvokeEndpointCommandInput) => Command;
  ModelError: typeof official.ModelError | typeof holdfast.ModelError;
  SageMakerRuntimeClient: new (config: {
    maxAttempts: number;
  }) => {
    send(command: Command): Promise<Omit<official.InvokeEndpointCommandOutput, "Body"> & { Body: Text }>;
    destroy(): void;
  };
}

interface Text {
  transformToString(): string;
}

async function program<Command>(library: Library<Command>): Promise<string> {
  const { SageMakerRuntimeClient, InvokeEndpointCommand, ModelError } = library;
  const client = new SageMakerRuntimeClient({ maxAttempts: 3 });
  try {
    const output = await client.send(
      new InvokeEndpointCommand({
        EndpointName: "churn",
        TargetVariant: "blue",
        ContentType: "text/csv",
        CustomAttributes: "trace=42",
        Body: "1,2,3",
      }),
    );
    const { Body, InvokedProductionVariant, CustomAttributes, $metadata } = output;
    return `${Body.transformToString()} ${InvokedProductionVariant} ${CustomAttributes} ${$metadata.attempts}`;
  } catch (error) {
    if (error instanceof ModelError) return `the model failed with ${error.OriginalStatusCode}`;
    throw error;
  } finally {
    client.destroy();
  }
}

const answers = { official: await program(official), holdfast: await program(holdfast) };
console.log(answers);
if (answers.official !== answers.holdfast) throw new Error("the two clients answered differently");
