"""11 Which model for which job?"""
