"""Pure rules of organisations and access: values in, values or refusals out; time and ids are arguments."""
