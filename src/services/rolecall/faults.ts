import { Fault } from "../../contracts/fault.ts";

export function validation(message: string): Fault {
  return new Fault("ValidationException", 400, message);
}

export function notFound(message: string): Fault {
  return new Fault("ResourceNotFoundException", 404, message);
}

export function conflict(message: string): Fault {
  return new Fault("ConflictException", 409, message);
}
