/** AWS partitions as data: the partition is a property of an account, never a constant in code. */
export const partitions = [
  "aws",
  "aws-cn",
  "aws-us-gov",
  "aws-eusc",
  "aws-iso",
  "aws-iso-b",
  "aws-iso-e",
  "aws-iso-f",
] as const;

/** The Region in which a partition's global services are (AWS General Reference, IAM endpoints). */
const globalRegions: Readonly<Record<(typeof partitions)[number], string>> = {
  aws: "us-east-1",
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-eusc": "eusc-de-east-1",
  "aws-iso": "us-iso-east-1",
  "aws-iso-b": "us-isob-east-1",
  "aws-iso-e": "eu-isoe-west-1",
  "aws-iso-f": "us-isof-south-1",
};

/** Undefined for a partition that is not known here. */
export function globalRegion(partition: string): string | undefined {
  return (globalRegions as Readonly<Record<string, string>>)[partition];
}
