import type { Stage } from "./stage.ts";

/** The example as its module exports it; it is plain JavaScript and stands outside src/. */
interface ExampleModule {
  startDocuments(options: {
    readonly rolecall: {
      readonly endpoint: string;
      readonly region: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
    };
    readonly bucketPolicies: Readonly<Record<string, object>>;
  }): Promise<{ readonly url: string; close(): Promise<void> }>;
}

// Three folders up is the package's root from src/cli/tour/ and from dist/cli/tour/ alike.
const example = new URL("../../../examples/documents/service.mjs", import.meta.url);

/** Starts the example service with the credentials that the stage holds for it. */
export async function startExampleService(
  stage: Stage,
  bucketPolicies: Readonly<Record<string, object>>,
): Promise<void> {
  const { startDocuments } = (await import(example.href)) as ExampleModule;
  const { accessKeyId, secretAccessKey } = stage.credentials("the documents service");
  const service = await startDocuments({
    rolecall: { endpoint: stage.cast.url, region: stage.cast.region, accessKeyId, secretAccessKey },
    bucketPolicies,
  });
  stage.documentsUrl = service.url;
  stage.atEnd(() => service.close());
}
