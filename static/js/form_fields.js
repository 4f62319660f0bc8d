// What a script changes in the fields of a form: a value, a remark of the server, whether it is wrong.

