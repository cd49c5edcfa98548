/* An extension that does nothing. With -DDECLARED it says that it needs no GIL; without it, Python assumes that it does. */
#include <Python.h>

static PyModuleDef_Slot slots[] = {
#if defined(DECLARED) && defined(Py_mod_gil)
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "extension", .m_slots = slots};

PyMODINIT_FUNC PyInit_extension(void)
{
    return PyModuleDef_Init(&module);
}
