"""Scaffolds: a course or a lesson to begin with, which `check` finds nothing wrong with.

files      writing files where none were;  templates   what is written;  yaml_text   as people do
course     `coursewright new course DIR`
lesson     `coursewright new lesson NAME`, and listing a lesson in `course.yml`
command    reading the command line
"""
