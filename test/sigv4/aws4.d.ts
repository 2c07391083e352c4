/** What the tests use of aws4, which has no types of its own. */
declare module "aws4" {
  export interface Request {
    readonly service: string;
    readonly region: string;
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string | number>>;
    readonly body?: string;
    readonly signQuery?: boolean;
  }
  export interface Credentials {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }
  const aws4: { sign(request: Request, credentials: Credentials): Request };
  export default aws4;
}
