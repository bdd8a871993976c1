"""What a playbook is, read and checked without a database."""
