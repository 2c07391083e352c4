/** AWS partitions as data: the partition is a property of an account, never a constant in code. */
export const partitions = ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b"] as const;
