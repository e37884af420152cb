"""What a stack is made of: its settings, and the wiring of components.

In Pulumi's words a stack is an instance of the program, such as `prod`. This package holds the definition that every
instance shares; what differs between instances is data in `Pulumi.<stack>.yaml`, never a module here.
"""
