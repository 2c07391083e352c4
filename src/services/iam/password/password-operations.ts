import type { Registry } from "../../../operation/operation.ts";
import { changePassword } from "./change-password.ts";
import { createLoginProfile, deleteLoginProfile, getLoginProfile, updateLoginProfile } from "./login-profile.ts";
import {
  deleteAccountPasswordPolicy,
  getAccountPasswordPolicy,
  updateAccountPasswordPolicy,
} from "./password-policy.ts";

export const passwordOperations = {
  CreateLoginProfile: createLoginProfile,
  GetLoginProfile: getLoginProfile,
  UpdateLoginProfile: updateLoginProfile,
  DeleteLoginProfile: deleteLoginProfile,
  ChangePassword: changePassword,
  GetAccountPasswordPolicy: getAccountPasswordPolicy,
  UpdateAccountPasswordPolicy: updateAccountPasswordPolicy,
  DeleteAccountPasswordPolicy: deleteAccountPasswordPolicy,
} satisfies Partial<Registry<"iam">>;
